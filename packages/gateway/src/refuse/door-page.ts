/** A refusal as a page for a person: what happened, why, what to do, and the number to read out to whoever helps. */
import type { ClientIdentity } from "@sallyport/identity";
import { certificateFields } from "../pages/certificate-fields.ts";
import { escapeHtml, page } from "../pages/page.ts";
import type { Explanation } from "./explanation.ts";
import type { Refusal } from "./refusal.ts";

export function doorPage(
  refusal: Refusal,
  { what, why, steps }: Explanation,
  incident: string,
  identity: ClientIdentity,
): string {
  const [sign, word, colour] = signOf(refusal.status);
  const parts = [
    `<p class="state ${colour}"><span aria-hidden="true">${sign}</span> ${word}</p>`,
    `<h1>${escapeHtml(what)}</h1>`,
    why && `<p>${escapeHtml(why)}</p>`,
    whatToDo(steps),
    // Only where it is the reason, and only to the one who presented it.
    refusal.status === 403 && identity.verify !== "NONE" && identity.certificate
      ? `<h2>The certificate you presented</h2>\n${certificateFields(identity.certificate)}`
      : "",
    `<footer>If you ask for help, give this number: <code>${incident}</code><br>Reason: <code>${refusal.code}</code></footer>`,
  ];
  return page(what, parts.filter(Boolean).join("\n"));
}

function whatToDo(steps: readonly string[]): string {
  const [only] = steps;
  if (only === undefined) return "";
  if (steps.length === 1) return `<p>${escapeHtml(only)}</p>`;
  return `<h2>What to do</h2>\n<ol>${steps.map((step) => `<li>${escapeHtml(step)}</li>`).join("\n")}</ol>`;
}

/** A sign and a word beside the colour. */
function signOf(status: number): readonly [sign: string, word: string, colour: string] {
  if (status === 403) return ["×", "Refused", "bad"];
  if (status === 404) return ["?", "Not found", "warn"];
  return status >= 500 ? ["!", "Not available", "warn"] : ["!", "Not understood", "warn"];
}
