/** The text of a deny list -> what it denies. */
import { createHash } from "node:crypto";
import type { Certificate } from "@sallyport/identity";
import { SourceError } from "../source.ts";
import { comparableIssuer, keysOf, readDeniedEntry } from "./denied-entry.ts";
import { itemsOf } from "./yaml-items.ts";

export type DenyList = {
  /** How many entries the file has. */
  readonly entries: number;
  /** What says so, `denied.yaml:3 denies it (laptop stolen)`, for each key of what is denied. */
  readonly denials: ReadonlyMap<string, string>;
};

/** As many problems as a person mends at once. */
const mostProblems = 10;

/**
 * @param name the file as problems name it
 * @throws SourceError with a line for each problem
 */
export async function readDenyList(text: string, name: string): Promise<DenyList> {
  const denials = new Map<string, string>();
  const problems: string[] = [];
  const issuerOf = remembering(comparableIssuer);
  let entries = 0;
  for await (const item of itemsOf(text)) {
    const place = `${name}:${item.line}`;
    try {
      if ("problem" in item) throw new Error(item.problem);
      const { key, note } = readDeniedEntry(item.value, issuerOf);
      denials.set(key, `${place} denies it${note === undefined ? "" : ` (${note})`}`);
      entries += 1;
    } catch (error) {
      problems.push(`${place}  ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length === 0) return { entries, denials };
  const shown = problems.slice(0, mostProblems);
  const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : [];
  throw new SourceError([...shown, ...more].join("\n"), `mend ${name}; docs/revocation.md shows an entry`);
}

/** @returns which line says so; `undefined` when none does */
export function denialOf({ denials }: DenyList, certificate: Certificate): string | undefined {
  const key = keysOf(certificate).find((each) => denials.has(each));
  return key && denials.get(key);
}

/** Whether both deny the same certificates, in whatever words. */
export function sameDenials({ denials: a }: DenyList, { denials: b }: DenyList): boolean {
  return a === b || (a.size === b.size && [...a.keys()].every((key) => b.has(key)));
}

const digests = new WeakMap<DenyList, string>();

/** The same for lists that deny the same certificates. */
export function digestOf(list: DenyList): string {
  const known = digests.get(list);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  for (const key of [...list.denials.keys()].sort()) hash.update(`${key}\n`);
  const digest = hash.digest("hex");
  digests.set(list, digest);
  return digest;
}

/** A long list names few issuers, many times. */
function remembering(read: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const value = known.get(text) ?? read(text);
    known.set(text, value);
    return value;
  };
}
