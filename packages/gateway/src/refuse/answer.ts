/** A Refusal as an answer: a page to a browser, application/problem+json (RFC 9457) to a program, text to who asks for it. */
import type { ClientIdentity } from "@sallyport/identity";
import { escapeHtml, page, preferredType } from "../pages/page.ts";
import { ownAnswer, type OwnAnswer } from "../pages/own-answer.ts";
import { certificateFields, explain, type Explanation } from "./explanation.ts";
import type { Refusal } from "./refusal.ts";

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
  return ownAnswer(refusal.status, type, body, refusal.code === "upstream-busy" ? ["Retry-After", "1"] : []);
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

function doorPage(
  refusal: Refusal,
  { what, why, steps }: Explanation,
  incident: string,
  identity: ClientIdentity,
): string {
  const fields = certificateFields(identity);
  const parts = [
    `<p class="sign bad">${sign(refusal.status)}</p>`,
    `<h1>${escapeHtml(what)}</h1>`,
    why && `<p>${escapeHtml(why)}</p>`,
    steps.length > 0 &&
      `<h2>What to do</h2>\n<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join("\n")}</ol>`,
    fields.length > 0 &&
      `<h2>The certificate you presented</h2>\n<dl>${fields
        .map(([label, value]) => `<dt>${label}</dt><dd><bdi>${escapeHtml(value)}</bdi></dd>`)
        .join("\n")}</dl>`,
    `<footer>If you ask for help, give this number: <span class="id">${incident}</span><br>Reason: <code>${refusal.code}</code></footer>`,
  ];
  return page(what, parts.filter(Boolean).join("\n"));
}

/** The word beside the colour. */
function sign(status: number): string {
  if (status === 403) return "Refused";
  if (status === 404) return "Not found";
  return status >= 500 ? "Not available" : "Not understood";
}
