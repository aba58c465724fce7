/** A Refusal as an answer: a page to a browser, application/problem+json (RFC 9457) to a program, text to who asks for it. */
import { preferredType, showControls } from "../pages/page.ts";
import { ownAnswer, type OwnAnswer } from "../pages/own-answer.ts";
import { doorPage } from "./door-page.ts";
import { explain, type Explanation } from "./explanation.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import { sentenceText } from "./sentence.ts";
import type { Visitor } from "./visitor.ts";

/** What HTTP demands beside a status (RFC 9110 sections 10.2.1 and 10.2.3). */
const demanded: Partial<Record<RefusalCode, readonly string[]>> = {
  "method-not-allowed": ["Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
  "gateway-busy": ["Retry-After", "5"],
  "shutting-down": ["Retry-After", "5"],
  "upstream-busy": ["Retry-After", "1"],
  "revocation-unavailable": ["Retry-After", "60"],
};

/** @param incident links the answer to its log line */
export function refusalAnswer(refusal: Refusal, incident: string, visitor: Visitor): OwnAnswer {
  const explanation = explain(refusal, visitor);
  const type = preferredType(visitor.accept, "problem");
  const body = {
    html: () => doorPage(refusal, explanation, incident, visitor),
    problem: () => problem(refusal, explanation, incident, visitor),
    text: () => plain(refusal, explanation, incident, visitor),
  }[type]();
  return ownAnswer(refusal.status, type, body, refusal.lines ?? demanded[refusal.code]);
}

/** The members that RFC 9457 defines, and ours. `title` never changes for a code; what is particular is in `detail`. */
function problem(
  refusal: Refusal,
  { what, why, hint, accepted }: Explanation,
  incident: string,
  { authorities, contact }: Visitor,
): string {
  const title = refusal.message;
  const detail = [what, ...why].map(sentenceText).filter((sentence) => sentence !== title);
  const members = {
    type: `urn:sallyport:problem:${refusal.code}`,
    title,
    status: refusal.status,
    code: refusal.code,
    detail: detail.join(" ") || undefined,
    hint: hint || undefined,
    accepted: accepted ? authorities : undefined,
    contact,
    incident,
  };
  return `${JSON.stringify(members, undefined, 2)}\n`;
}

function plain(
  refusal: Refusal,
  { what, why, hint }: Explanation,
  incident: string,
  { contact }: Visitor,
): string {
  const lines = [
    ...[what, ...why].map(sentenceText),
    ...(hint === "" ? [] : [`Next: ${hint}`]),
    ...(contact === undefined ? [] : [`Contact: ${contact}`]),
    `(${refusal.code}, incident ${incident})`,
  ];
  return lines.map((line) => `${showControls(line)}\n`).join("");
}
