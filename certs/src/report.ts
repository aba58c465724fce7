import type { Entry } from "./entry.ts";
import { spokenDate } from "./spoken-date.ts";
import { shown } from "./store.ts";

/** Printable lines: what is in the folder now, until when, and that each certificate verifies. */
export function report(entries: readonly Entry[], folder: string): readonly string[] {
  const nameWidth = widest(entries.map(({ name }) => name));
  const commonNameWidth = widest(entries.map(({ commonName }) => commonName));
  const row = ({ name, commonName, outcome, notAfter }: Entry) =>
    `${name.padEnd(nameWidth)}  ${commonName.padEnd(commonNameWidth)}  ` +
    `${outcome.padEnd(6)}  ends ${spokenDate(notAfter)}`;
  const verified = entries.filter(({ name }) => name !== "root").map(({ name }) => `${name}.crt: OK`);
  return [`In ${shown(folder)}:`, "", ...entries.map(row), ...(verified.length > 0 ? ["", ...verified] : [])];
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
