/** What a run found -> a page, a chart, and every single measurement. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { budgetLine } from "./budget-line.ts";
import { chart, type Panel } from "./chart.ts";
import { machine } from "./machine.ts";
import type { Options } from "./options.ts";
import { overview } from "./overview.ts";
import type { Result } from "./result.ts";
import { own } from "./servers/index.ts";
import { summarise, type Row } from "./summarise.ts";
import { table } from "./table.ts";

const caption =
  "CPU microseconds of the server for each request, connection, MiB or message; KiB of memory. Shorter is better.";

/** @returns a chapter of the page: title, table, budget, and what failed */
export function chapter({ workload, contestants, measurements }: Result): string {
  const rows = summarise(measurements);
  const titles = new Map(contestants.map(({ name, title }) => [name, title]));
  const failures = rows.flatMap(({ server, failed }) =>
    failed > 0 ? [`${titles.get(server) ?? server}: ${failed} answers or connections failed.`] : [],
  );
  const budget = workload.budget.length > 0 ? [budgetLine(workload, rows, titles)] : [];
  return [`## ${workload.title}`, table(workload, rows, titles), ...budget, ...failures].join("\n\n");
}

/**
 * Writes results.md, chart.svg and rounds.json.
 * @param versions a server's title and version each
 */
export function writeResults(
  results: readonly Result[],
  { out, rounds, seconds }: Options,
  versions: readonly string[],
) {
  mkdirSync(out, { recursive: true });
  const date = new Date().toISOString();
  const page = [
    "# Results",
    `Written by \`npm run bench\` on ${date.slice(0, 10)}: medians of ${rounds} rounds of ${seconds} s each. [../README.md](../README.md) says what is measured and how to read it.`,
    `${machine()}. ${versions.join(", ")}.`,
    overview(results),
    "![The cost of each server under each load](chart.svg)",
    ...results.map(chapter),
  ];
  writeFileSync(join(out, "results.md"), `${page.join("\n\n")}\n`);
  writeFileSync(join(out, "chart.svg"), chart(caption, results.map(panel)));
  const rounded = results.map(({ workload, measurements }) => ({ workload: workload.name, measurements }));
  const raw = { date, machine: machine(), versions: versions.join(", "), rounds, seconds, results: rounded };
  writeFileSync(join(out, "rounds.json"), `${JSON.stringify(raw, undefined, 2)}\n`);
}

function panel({ workload, contestants, measurements }: Result): Panel {
  const [title = "", subtitle = ""] = workload.title.split(/: (.*)/, 2);
  const bars = summarise(measurements).flatMap(({ server, cost }: Row) => {
    const contestant = contestants.find(({ name }) => name === server);
    return contestant
      ? [{ label: contestant.title, value: cost, isOurs: own.includes(contestant.server) }]
      : [];
  });
  return { title, subtitle, unit: workload.resource === "cpu" ? "us" : "KiB", bars };
}
