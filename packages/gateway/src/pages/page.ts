/** The one look of every page the gateway itself shows: no script, no external resource, one inline stylesheet pinned by its hash. */
import { createHash } from "node:crypto";

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fbfaf8; --quiet: #5c6168; --hairline: #dcd8d0; --accent: #2450b2; --good: #1d7a46; --warn: #8a5a00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --paper: #16181b; --quiet: #a3a7ad; --hairline: #34383d; --accent: #8fb0ff; --good: #5fcf8e; --warn: #f0b95a; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { max-width: 68ch; margin: 0 auto; padding: 24px 16px 40px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { display: flex; gap: 8px; align-items: center; margin-bottom: 40px; font-weight: 600; }
header svg { color: var(--accent); }
h1, h2 { line-height: 1.2; text-wrap: balance; }
h1 { margin: 0 0 16px; font-size: 28px; }
h2 { margin: 40px 0 16px; font-size: 20px; }
p, ol, ul { margin: 0 0 16px; }
ol, ul { padding-left: 24px; }
li + li { margin-top: 8px; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; border-radius: 4px; }
.state { margin-bottom: 8px; font-weight: 600; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.quiet, dt { color: var(--quiet); font-size: 14px; }
code, dd { font: 14px/1.5 ui-monospace, monospace; }
dl, details { margin: 0 0 16px; padding: 16px; border: 1px solid var(--hairline); border-radius: 10px; }
dd { margin: 0 0 16px; }
dd:last-child { margin: 0; }
details { padding: 0 16px; }
summary { padding: 8px 0; cursor: pointer; }
details details { margin: 0; padding: 0; border-width: 1px 0 0; border-radius: 0; }
.help { margin-top: 40px; border-top: 1px solid var(--hairline); }
.help h2 { margin-top: 24px; }
.incident { display: inline-block; margin-right: 8px; padding: 8px 16px; border: 1px dashed var(--quiet); border-radius: 10px; font-size: 20px; letter-spacing: 1px; -webkit-user-select: all; user-select: all; }
@media (min-width: 40em) { dl { display: grid; grid-template-columns: max-content 1fr; gap: 8px 24px; align-items: baseline; } dd { margin: 0; } }
`;

const mark = `<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><path d="M4 21V11a8 8 0 0 1 16 0v10M2 21h20"/><path fill="currentColor" d="M8 21V10l5-1.5V21"/></svg>`;

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
<header>${mark}Sallyport</header>
<main>
${body}
</main>
</html>
`;
}

/** Controls and whatever reorders or hides text, as `\\u..` that can be seen. */
export function showControls(text: string): string {
  return text.replace(
    /[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text as text: markup characters as entities, and controls as {@link showControls} shows them. */
export function escapeHtml(text: string): string {
  return showControls(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export type MediaType = "html" | "problem" | "text";

/** What to answer in: a page to who asks for HTML (browsers), text to who asks for text, else JSON or the caller's choice. */
export function preferredType(accept: string | undefined, otherwise: MediaType): MediaType {
  if (accept === undefined) return otherwise;
  if (/\btext\/html\b|\bapplication\/xhtml\+xml\b/i.test(accept)) return "html";
  if (/\bapplication\/(?:problem\+)?json\b/i.test(accept)) return "problem";
  return /\btext\/plain\b/i.test(accept) ? "text" : otherwise;
}
