/** The operator's contact, free text, with what can be followed made a link. When in doubt it stays text. */
import { escapeHtml } from "../pages/page.ts";

/** An address of the web without the sentence's own end, an e-mail address, or a phone number with its country. */
const followable =
  /(?<web>https:\/\/[\w.-]+(?:[:/?#][\w./?#&=%:@~+-]*)?(?<![.?:]))|(?<mail>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<phone>\+\d[\d ().-]{5,20}\d)/g;

/** @param subject of an e-mail that is begun by the link */
export function contactHtml(contact: string, subject: string): string {
  let html = "";
  let end = 0;
  for (const { 0: text, index, groups = {} } of contact.matchAll(followable)) {
    html += escapeHtml(contact.slice(end, index));
    html += `<a href="${escapeHtml(target(text, groups, subject))}">${escapeHtml(text)}</a>`;
    end = index + text.length;
  }
  return html + escapeHtml(contact.slice(end));
}

function target(text: string, groups: Readonly<Record<string, string | undefined>>, subject: string): string {
  if (groups["mail"] !== undefined) return `mailto:${text}?subject=${encodeURIComponent(subject)}`;
  if (groups["phone"] !== undefined) return `tel:${text.replace(/[^+\d]/g, "")}`;
  return text;
}
