/** A Refusal as an answer: a page to a browser, application/problem+json (RFC 9457) to a program, text to who asks for it. */
import type { ClientIdentity } from "@sallyport/identity";
import { preferredType } from "../pages/page.ts";
import { ownAnswer, type OwnAnswer } from "../pages/own-answer.ts";
import { doorPage } from "./door-page.ts";
import { explain, type Explanation } from "./explanation.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";

/** What HTTP demands beside a status (RFC 9110 sections 10.2.1 and 10.2.3). */
const demanded: Partial<Record<RefusalCode, readonly string[]>> = {
  "method-not-allowed": ["Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
  "upstream-busy": ["Retry-After", "1"],
};

/**
 * @param incident links the answer to its log line
 * @param authorities the CNs of the authorities that are accepted here
 */
export function refusalAnswer(
  refusal: Refusal,
  incident: string,
  identity: ClientIdentity,
  authorities: readonly string[],
  accept: string | undefined,
): OwnAnswer {
  const explanation = explain(refusal, identity, authorities);
  const type = preferredType(accept, "problem");
  const body = {
    html: () => doorPage(refusal, explanation, incident, identity),
    problem: () => problem(refusal, explanation, incident),
    text: () => plain(refusal, explanation, incident),
  }[type]();
  return ownAnswer(refusal.status, type, body, demanded[refusal.code]);
}

function problem(refusal: Refusal, { what, why, hint }: Explanation, incident: string): string {
  const detail = why === "" ? undefined : why;
  const members = {
    type: `urn:sallyport:problem:${refusal.code}`,
    title: what,
    status: refusal.status,
    code: refusal.code,
    detail,
    hint: hint === "" ? undefined : hint,
    incident,
  };
  return `${JSON.stringify(members, undefined, 2)}\n`;
}

function plain(refusal: Refusal, { what, why, hint }: Explanation, incident: string): string {
  return (
    [what, why, hint && `Next: ${hint}`, `(${refusal.code}, incident ${incident})`]
      .filter(Boolean)
      .join("\n") + "\n"
  );
}
