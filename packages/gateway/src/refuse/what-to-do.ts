/** The steps of a remedy: those for the visitor's own browser open, those for the others folded. */
import { escapeHtml } from "../pages/page.ts";
import { remedies, type Remedy, type RemedyName } from "./remedies.ts";
import { wayOf } from "./way-of.ts";
import { anyWay, ways, type Way } from "./ways.ts";

/** @param userAgent as it came: it chooses among texts of ours and is never shown */
export function whatToDo(remedy: RemedyName, userAgent: string | undefined): string {
  const { lead, steps, perWay }: Remedy = remedies[remedy];
  const own = perWay ? wayOf(userAgent) : undefined;
  const way = own === undefined ? anyWay : ways[own];
  const others = Object.values<Way>(ways).filter((other) => perWay && other !== way);
  const list = listOf(steps(way));
  return [
    list && `<h2>What to do${own === undefined ? "" : ` in ${way.place}`}</h2>`,
    lead(way) && `<p>${lead(way)}</p>`,
    list,
    others.length > 0 &&
      folded(
        "On another system",
        others.map((other) => folded(other.place, listOf(steps(other)))).join("\n"),
      ),
  ]
    .filter(Boolean)
    .join("\n");
}

function listOf(steps: readonly string[]): string {
  const [only, ...more] = steps.map(typed);
  if (only === undefined) return "";
  if (more.length === 0) return `<p>${only}</p>`;
  return `<ol>\n${[only, ...more].map((step) => `<li>${step}</li>`).join("\n")}\n</ol>`;
}

function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n${content}\n</details>`;
}

/** What is to be typed stands in backticks. */
function typed(step: string): string {
  return escapeHtml(step).replace(/`([^`]+)`/g, "<code>$1</code>");
}
