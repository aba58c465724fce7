/** HTML from the templates of this folder: no script, nothing loaded from anywhere, one stylesheet that the policy pins by its hash. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";
import { longTime } from "./date.ts";

const eta = new Eta({ views: import.meta.dirname, autoEscape: true, cache: true });
const style = readFileSync(join(import.meta.dirname, "style.css"), "utf8");

/** What a Content-Security-Policy says of the stylesheet in every page. */
export const styleSource = `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** @param template the name of a file here, without `.eta`. It reads the data as `it`, beside `longTime` and `steps` */
export function renderPage(template: string, data: object): string {
  return eta.render(`/${template}`, { ...data, style, longTime, typed });
}

/** A sentence of ours as HTML: what is to be typed stands in backticks, and there is no markup in it. */
function typed(sentence: string): string {
  const html = sentence.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return html.replace(/`([^`]+)`/g, "<code>$1</code>");
}
