/**
 * The items of a YAML file that is one list, one after the other and without stalling: read as a whole, 100,000 entries
 * would hold up every request for seconds and take a gigabyte.
 */
import { setImmediate } from "node:timers/promises";
import { LineCounter, parseDocument } from "yaml";

/** An item and the line it begins on; `problem` where it is not YAML. */
export type YamlItem =
  { readonly line: number; readonly value: unknown } | { readonly line: number; readonly problem: string };

/** Nobody waits longer than this for the list to be read. */
const slice = 20;

export async function* itemsOf(text: string): AsyncGenerator<YamlItem> {
  const lines = text.split(/\r?\n/);
  const first = lines.find((line) => !isEmpty(line)) ?? "-";
  if (!isFirstOfItem(first) || !lines.every(isOfPlainList)) {
    yield* readWhole(text);
    return;
  }
  let pause = performance.now() + slice;
  for (let at = 0; at < lines.length;) {
    const start = at;
    do at += 1;
    while (at < lines.length && !isFirstOfItem(lines[at] ?? ""));
    const own = lines.slice(start, at).filter((line) => !isEmpty(line));
    if (own.length === 0) continue;
    // With its empty lines, where the library needs them to count.
    yield readSimple(own, start) ?? readItem(lines.slice(start, at).join("\n"), start);
    if (performance.now() > pause) {
      await setImmediate();
      pause = performance.now() + slice;
    }
  }
}

/** A comment or nothing. */
const isEmpty = (line: string) => /^[ \t]*(?:#.*)?$/.test(line);
const isFirstOfItem = (line: string) => /^-(?:[ \t]|$)/.test(line);
/**
 * Whether a line can stand in a list that begins in the first column. There, nothing but the next item does: what
 * belongs to an item, quoted text over several lines too, is indented.
 */
const isOfPlainList = (line: string) => isFirstOfItem(line) || isEmpty(line) || /^[ \t]/.test(line);

const pair = String.raw`([a-zA-Z]+): "([^"\\\p{C}]*)"`;
const flowItem = new RegExp(String.raw`^- \{ ?${pair}(?:, ${pair})?(?:, ${pair})? ?\}$`, "u");
const blockLine = new RegExp(`^(?:- |  )${pair}$`, "u");

/**
 * What nobody can read in two ways, read a hundred times faster: pairs of a word and quoted text without escapes, in
 * braces on one line or each on its own.
 */
function readSimple(lines: readonly string[], start: number): YamlItem | undefined {
  const [first = ""] = lines;
  const matches = lines.length === 1 ? [flowItem.exec(first) ?? blockLine.exec(first)] : lines.map((line) => blockLine.exec(line)); // prettier-ignore
  const value: Record<string, string> = {};
  for (const match of matches) {
    if (match === null) return undefined;
    for (let at = 1; at < match.length && match[at] !== undefined; at += 2) {
      const key = match[at] ?? "";
      if (Object.hasOwn(value, key) || key === "__proto__") return undefined;
      value[key] = match[at + 1] ?? "";
    }
  }
  return { line: start + 1, value };
}

function readItem(text: string, start: number): YamlItem {
  const [item] = readWhole(text);
  if (item === undefined) return { line: start + 1, problem: "not an item of a list" };
  return { ...item, line: item.line + start };
}

function readWhole(text: string): YamlItem[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lineOf = (offset: number) => counter.linePos(offset).line;
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) return [{ line: lineOf(error.pos[0]), problem: `not YAML: ${error.message}` }];
  let value: unknown;
  try {
    value = document.toJS();
  } catch (cause) {
    // An alias to nothing, or so many that they would fill the memory.
    return [{ line: 1, problem: `not YAML: ${cause instanceof Error ? cause.message : String(cause)}` }];
  }
  if (value === null) return [];
  if (!Array.isArray(value)) return [{ line: 1, problem: "not a list: begin every entry with -" }];
  return value.map((each: unknown, at) => {
    const range = (document.getIn([at], true) as { range?: readonly number[] } | undefined)?.range;
    return { line: lineOf(range?.[0] ?? 0), value: each };
  });
}
