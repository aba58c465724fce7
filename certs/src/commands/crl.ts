import { nextCommand, quoted } from "../next-command.ts";
import { openAuthority } from "../open-authority.ts";
import type { Passphrase } from "../read-authority-key.ts";
import { spokenDate } from "../spoken-date.ts";
import { shown } from "../store.ts";
import { writeCrl } from "../write-crl.ts";
import type { WrittenCrl } from "../write-crl.ts";

export type CrlCommandOptions = {
  readonly folder: string;
  readonly to?: string;
  readonly days?: number;
  readonly passphrase?: Passphrase | undefined;
};

/** `crl`: signs the list of what is revoked. Returns the lines to print. */
export async function crl(options: CrlCommandOptions): Promise<readonly string[]> {
  const authority = await openAuthority(options.folder, options);
  return written(await writeCrl(authority, { path: options.to, days: options.days }), options.folder);
}

/** Where the list is, until when it is believed, and what has to be done with it. */
export function written(
  { path, number, nextUpdate, revoked }: WrittenCrl,
  folder: string,
): readonly string[] {
  const end = spokenDate(nextUpdate);
  return [
    `Wrote ${shown(path)}: list number ${number}, ${revoked} revoked, good until ${end}.`,
    "",
    "A gateway that watches it knows within a second:",
    `  clients: { revocation: [{ crl: ${quoted(shown(path))} }] }`,
    `After ${end} a gateway lets nobody in. Before that, write it again:`,
    `  ${nextCommand("crl", folder)}`,
  ];
}
