/** A refusal as a page for a person: what happened, why, what to do, and the number to read out to whoever helps. */
import { certificateFields } from "../pages/certificate-fields.ts";
import { escapeHtml, page } from "../pages/page.ts";
import { fewAuthorities } from "./authority-sentences.ts";
import { contactHtml } from "./contact.ts";
import type { Explanation } from "./explanation.ts";
import type { Refusal } from "./refusal.ts";
import { sentenceHtml, sentenceText } from "./sentence.ts";
import { whatToDo } from "./what-to-do.ts";
import type { Visitor } from "./visitor.ts";

export function doorPage(
  refusal: Refusal,
  { what, why, yours, remedy, accepted }: Explanation,
  incident: string,
  { identity, authorities, contact, userAgent }: Visitor,
): string {
  const [sign, word, colour] = signOf(refusal.status);
  const certificate = identity.verify === "NONE" ? undefined : identity.certificate;
  const parts = [
    `<p class="state ${colour}"><span aria-hidden="true">${sign}</span> ${word}</p>`,
    `<h1>${sentenceHtml(what)}</h1>`,
    ...[...why, ...yours].map((sentence) => `<p>${sentenceHtml(sentence)}</p>`),
    accepted && authorities.length > fewAuthorities ? allOf(authorities) : "",
    whatToDo(remedy, userAgent),
    // Only where it is the reason, and only to the one who presented it.
    certificate && isAboutCertificate(refusal)
      ? `<h2>The certificate you presented</h2>\n${certificateFields(certificate)}`
      : "",
    help(refusal, incident, contact),
  ];
  return page(sentenceText(what), parts.filter((part) => part !== "").join("\n"));
}

function isAboutCertificate({ status, code }: Refusal): boolean {
  return status === 403 || code === "revocation-unavailable";
}

function allOf(authorities: readonly string[]): string {
  const items = authorities.map((authority) => `<li><bdi>${escapeHtml(authority)}</bdi></li>`);
  return `<details>\n<summary>All ${authorities.length} authorities that are accepted</summary>\n<ul>${items.join("\n")}</ul>\n</details>`;
}

function help({ code, status }: Refusal, incident: string, contact: string | undefined): string {
  const whom =
    contact === undefined
      ? "Ask the people who run this site."
      : contactHtml(contact, `Incident ${incident} (${code})`);
  return `<section class="help">
<h2>If you need help</h2>
<p>${whom}</p>
<p>Give them this incident number, by which they find what happened:</p>
<p><code class="incident">${incident}</code> <span class="quiet">Click it to select it.</span></p>
<p class="quiet">Reason: <code>${code}</code>, status ${status}</p>
</section>`;
}

/** A sign and a word beside the colour. */
function signOf(status: number): readonly [sign: string, word: string, colour: string] {
  if (status === 403) return ["×", "Refused", "bad"];
  if (status === 404) return ["?", "Not found", "warn"];
  return status >= 500 ? ["!", "Not available", "warn"] : ["!", "Not accepted", "warn"];
}
