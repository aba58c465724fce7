/** Every "no" of the API: a stable code, and what the seed's clients read beside what RFC 9457 defines. */
import { STATUS_CODES } from "node:http";
import type { Fault } from "./validator.ts";

/** Code -> status. Stable: clients and tests match them; docs/api.md lists them. */
export const problems = {
  "request-invalid": 400,
  "json-malformed": 400,
  "content-type-unsupported": 415,
  "content-too-large": 413,
  "authorization-missing": 401,
  "authorization-malformed": 422,
  "token-malformed": 422,
  "token-untrusted": 422,
  "token-wrong-type": 422,
  "token-expired": 401,
  "token-revoked": 401,
  "credentials-wrong": 401,
  "identities-differ": 403,
  "origin-foreign": 403,
  "current-password-wrong": 403,
  "record-missing": 404,
  "not-found": 404,
  "method-not-allowed": 405,
  "email-taken": 409,
  "name-taken": 409,
  "opened-otherwise": 409,
  "tasks-full": 409,
  "too-many-requests": 429,
  "internal-error": 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problems;

/** Thrown by what serves the API, answered in one place. The message is for the person who wrote the client. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];
  readonly detail: string;

  /**
   * @param message as the seed's clients know it, where there is such a message; no secret, no other person's data
   * @param detail where there is more to say than the message does
   */
  constructor(code: ProblemCode, message: string, faults: readonly Fault[] = [], detail = message) {
    super(message);
    this.code = code;
    this.faults = faults;
    this.detail = detail;
  }

  get status(): number {
    return problems[this.code];
  }
}

/** The members of RFC 9457, and the seed's `ok`, `message` and `msg` (its token library's name for it). */
export function problemBody({ code, status, message, faults, detail }: ApiProblem): object {
  return {
    type: `urn:sallyport:problem:${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    code,
    ok: false,
    message,
    msg: message,
    ...(faults.length > 0 && { errors: faults }),
    ...(code === "not-found" && { error: "Not found" }),
  };
}
