import { listIssued } from "../list-issued.ts";
import { nextCommand } from "../next-command.ts";
import { readRoot } from "../root.ts";
import { commonNameOf } from "../common-name.ts";
import { standingOf } from "../standing-of.ts";
import { shown } from "../store.ts";

export type ListOptions = { readonly folder: string; readonly json?: boolean };

/** `list`: everything that has been issued. Returns the lines to print. */
export async function list({ folder, json = false }: ListOptions): Promise<readonly string[]> {
  const root = await readRoot(folder);
  const entries = await listIssued(folder);
  if (json) return [JSON.stringify(entries, null, 2)];
  if (entries.length === 0)
    return [`${shown(folder)} has issued nothing yet. Next: ${nextCommand("server", folder)}`];
  const rows = entries.map(
    (entry) => [entry.name, standingOf(entry), entry.serialNumber, entry.subject] as const,
  );
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    `In ${shown(folder)}, issued by ${commonNameOf(root)}:`,
    "",
    ...rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")),
  ];
}
