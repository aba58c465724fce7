/** What begins with a `<` (HTML sections 13.2.5.6, 7 and 42). */
import { BANG, GREATER, QUESTION, SLASH, endsName, isLetter } from "./characters.ts";
import { commentReader } from "./comment.ts";
import { upTo, upToText, type Reader } from "./reader.ts";
import { lowerName } from "./names.ts";
import type { TagReader } from "./tag.ts";
import { textOf, type Units } from "./units.ts";

/** Longer names are nobody's. */
const longestName = 1024;

export type Markup = {
  /** Nothing to read, if it was text after all. */
  readonly reader: Reader | undefined;
  /** Where to go on. */
  readonly at: number;
};

export type Rules = { readonly isXml: boolean; readonly hasCdata: boolean; readonly tag: TagReader };

/** @returns nothing when more units are needed to tell; `absurd` when nobody could want to know */
export function openMarkup(units: Units, less: number, rules: Rules): Markup | "absurd" | undefined {
  const first = units[less + 1];
  if (first === undefined) return undefined;
  if (isLetter(first)) return openTag(units, less + 1, false, rules);
  if (first === BANG) return openDeclaration(units, less + 2, rules);
  if (first === QUESTION) return { reader: rules.isXml ? upToText("?>") : upTo(GREATER), at: less + 2 };
  if (first !== SLASH) return { reader: undefined, at: less + 1 };
  const second = units[less + 2];
  if (second === undefined) return undefined;
  return isLetter(second) ? openTag(units, less + 2, true, rules) : { reader: upTo(GREATER), at: less + 2 };
}

function openTag(
  units: Units,
  from: number,
  isEnd: boolean,
  { isXml, tag }: Rules,
): Markup | "absurd" | undefined {
  let at = from;
  while (at < units.length && !endsName(units[at] ?? 0)) at += 1;
  if (at - from > longestName) return "absurd";
  if (at === units.length) return undefined;
  const name = isXml ? textOf(units, from, at) : lowerName(units, from, at);
  return { reader: tag.begin(name, isEnd), at };
}

function openDeclaration(
  units: Units,
  from: number,
  { isXml, hasCdata }: Rules,
): Markup | "absurd" | undefined {
  const word = textOf(units, from, Math.min(from + 7, units.length));
  if (word.startsWith("--")) return { reader: isXml ? upToText("-->") : commentReader(), at: from + 2 };
  if (hasCdata && word === "[CDATA[") return { reader: upToText("]]>"), at: from + 7 };
  if ("--".startsWith(word) || (hasCdata && "[CDATA[".startsWith(word))) return undefined;
  if (!isXml) return { reader: upTo(GREATER), at: from };
  // A DOCTYPE with declarations in it may hold anything.
  const end = units.indexOf(GREATER, from);
  if (units.subarray(from, end < 0 ? undefined : end).includes(0x5b)) return "absurd";
  return end < 0 ? undefined : { reader: undefined, at: end + 1 };
}
