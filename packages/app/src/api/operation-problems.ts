import { problems, type ProblemCode } from "./api-problem.ts";
import type { Operation } from "./operation.ts";

/** Every code that an operation can answer with, apart from `internal-error` and `unavailable`, which all can. */
export function problemsOf({
  method,
  access,
  query,
  body,
  limit,
  problems: own = [],
}: Operation): ProblemCode[] {
  const token: readonly ProblemCode[] = [
    "authorization-missing",
    "authorization-malformed",
    "token-malformed",
    "token-untrusted",
    "token-wrong-type",
    "token-expired",
    "token-revoked",
  ];
  const codes = new Set<ProblemCode>([
    ...(access === "anybody" ? [] : token),
    ...(access === "anybody" ? [] : (["identities-differ"] as const)),
    ...(access === "user" && method !== "get" ? (["origin-foreign"] as const) : []),
    ...(query || body ? (["request-invalid"] as const) : []),
    ...(body ? (["json-malformed", "content-type-unsupported", "content-too-large"] as const) : []),
    ...(limit ? (["too-many-requests"] as const) : []),
    ...own,
  ]);
  return [...codes].sort((one, other) => problems[one] - problems[other]);
}
