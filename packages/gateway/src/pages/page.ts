/** The one look of every page the gateway itself shows: no script, no external resource, one inline stylesheet pinned by its hash. */
import { createHash } from "node:crypto";

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fbfaf8; --hairline: #dcd8d0; --accent: #2450b2; --quiet: #5a6068; --bad: #b3261e; --good: #1d7a46; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --paper: #16181b; --hairline: #34383d; --accent: #8fb0ff; --quiet: #a3a8ae; --bad: #ff8a80; --good: #5fcf8e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68ch; margin: 0 auto; padding: 24px 16px 40px; }
header { display: flex; gap: 8px; align-items: center; margin-bottom: 40px; font-size: 16px; color: var(--quiet); }
header svg { color: var(--accent); }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 8px; text-wrap: balance; }
h2 { font-size: 16px; margin: 24px 0 8px; }
p { margin: 0 0 16px; }
ol, ul { padding-left: 24px; margin: 0 0 16px; }
li { margin-bottom: 8px; }
a { color: var(--accent); }
code, dd, .id { font-family: ui-monospace, monospace; font-size: 14px; overflow-wrap: anywhere; }
pre { margin: 0 0 16px; padding: 8px 16px; border: 1px solid var(--hairline); border-radius: 10px; overflow-x: auto; }
dl { display: grid; grid-template-columns: minmax(8ch, max-content) 1fr; margin: 0 0 24px; padding: 8px 16px; border: 1px solid var(--hairline); border-radius: 10px; }
dt, dd { margin: 0; padding: 4px 0; }
dt { padding-right: 24px; color: var(--quiet); font-size: 14px; line-height: 21px; }
.sign { font-size: 14px; font-weight: 600; margin-bottom: 8px; }
.bad { color: var(--bad); } .good { color: var(--good); }
footer { margin-top: 40px; padding-top: 16px; border-top: 1px solid var(--hairline); font-size: 14px; color: var(--quiet); }
.id { user-select: all; color: var(--ink); }
`;

const mark = `<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" aria-hidden="true"><path d="M4 21V11a8 8 0 0 1 16 0v10"/><path d="M8 21V11a4 4 0 0 1 4-4v14z" fill="currentColor" stroke="none"/><path d="M2 21h20" stroke-linecap="round"/></svg>`;

/** Nothing is loaded from anywhere, nothing runs, and nobody frames it. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** @param body HTML whose every foreign part went through {@link escapeHtml} */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
<main>
<header>${mark}<span>Sallyport</span></header>
${body}
</main>
</html>
`;
}

/** Markup characters as entities, and controls and bidi overrides as `\\u..` text that can be seen. */
export function escapeHtml(text: string): string {
  return text
    .replace(
      /[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export type MediaType = "html" | "problem" | "text";

/** What to answer in: a page to who asks for HTML (browsers), text to who asks for text, else JSON or the caller's choice. */
export function preferredType(accept: string | undefined, otherwise: MediaType): MediaType {
  if (accept === undefined) return otherwise;
  if (/\btext\/html\b|\bapplication\/xhtml\+xml\b/i.test(accept)) return "html";
  if (/\bapplication\/(?:problem\+)?json\b/i.test(accept)) return "problem";
  return /\btext\/plain\b/i.test(accept) ? "text" : otherwise;
}
