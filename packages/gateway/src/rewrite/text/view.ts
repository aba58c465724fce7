/** A text as its reader reads it, escapes resolved, each character knowing where it came from. */
import type { Edit } from "./edit.ts";

export type View = {
  readonly text: string;
  /** Where each character begins in what was written, and behind them all its end; none where the two are alike. */
  readonly origins: readonly number[] | undefined;
};

/** What one escape means: its characters, at most one of them kept per view's index. */
export type Unescape = (match: RegExpExecArray) => string;

/** Nothing to resolve: read as it is written. */
export function plainView(text: string): View {
  return { text, origins: undefined };
}

/** @param escape global; every match of it is read as one character, or none, by `unescape` */
export function viewThrough(written: string, escape: RegExp, unescape: Unescape): View {
  escape.lastIndex = 0;
  let match = escape.exec(written);
  if (match === null) return { text: written, origins: undefined };
  let text = "";
  const origins: number[] = [];
  const take = (characters: string, from: number, step: number) => {
    for (let at = 0; at < characters.length; at += 1) origins.push(from + at * step);
    text += characters;
  };
  let at = 0;
  for (; match !== null; match = escape.exec(written)) {
    take(written.slice(at, match.index), at, 1);
    take(unescape(match), match.index, 0);
    at = match.index + match[0].length;
  }
  take(written.slice(at), at, 1);
  origins.push(written.length);
  return { text, origins };
}

/** Edits of what is read -> edits of what was written. */
export function editsWritten(edits: readonly Edit[], { origins }: View, offset: number): readonly Edit[] {
  if (origins === undefined && offset === 0) return edits;
  const origin = (at: number) => offset + (origins ? (origins[at] ?? 0) : at);
  return edits.map(({ from, to, text }) => ({ from: origin(from), to: origin(to), text }));
}
