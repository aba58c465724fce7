/** Outcomes -> a page of Markdown. */
import { availableParallelism, cpus, release, totalmem } from "node:os";
import type { Outcome } from "./phase.ts";

const MiB = 1 << 20;
const headings = [
  "meanwhile",
  "p50",
  "p99",
  "max",
  "answered",
  "failed",
  "busy",
  "waited",
  "descriptors",
  "RSS",
  "what was done",
];

export type Circumstances = {
  /** What each phase took, at least. */
  readonly seconds: number;
  /** What the gateway had to recover, in seconds. */
  readonly rest: number;
  /** Processes of others that wanted a core when it began. */
  readonly others: number;
};

export function report(outcomes: readonly Outcome[], verdicts: readonly string[], { seconds, rest, others }: Circumstances): string {
  const rows = outcomes.map(({ name, p50, p99, most, served, failures, busy, waited, footprint, told }) => [
    name,
    ...[p50, p99, most].map((milliseconds) => `${milliseconds.toFixed(1)} ms`),
    ...[served, failures.length, percent(busy), percent(waited), footprint.descriptors].map(String),
    `${(footprint.memory / MiB).toFixed(0)} MiB`,
    told,
  ]);
  const widths = headings.map((heading, at) => Math.max(...[heading, ...rows.map((row) => row[at] ?? "")].map(({ length }) => length)));
  const isText = (at: number) => at === 0 || at === headings.length - 1;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, at) => (isText(at) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const machine = `${cpus()[0]?.model ?? "an unknown processor"}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}`;
  return [
    "# Trouble",
    "",
    "What honest clients notice of clients and upstreams that misbehave, and what is left of it in the gateway's process.",
    "Written by `npm run bench:trouble`.",
    "",
    `${new Date().toISOString().slice(0, 10)}, ${machine}; load average ${others.toFixed(1)} when it began.`,
    "Gateway, honest clients, troublemakers and upstreams share these cores: the times are upper bounds, the shorter the less",
    `else the machine had to do. ${seconds} s a phase, or until the last of a crowd was cut off; then ${rest} s of rest. **busy** is the`,
    "share of one core that the gateway took, **waited** the share of the time that it wanted one and had none; **descriptors** and **RSS** are the largest that were seen in its process.",
    "",
    ...[headings, rule, ...rows].map(line),
    "",
    ...verdicts.map((verdict) => `- ${verdict}`),
    "",
  ].join("\n");
} // prettier-ignore

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
