/** What may stand in an entry, and what to say when something else does. */
import { foldKey } from "../store/index.ts";
import { required, type FieldErrors } from "../views/form.ts";

/** In code points. */
export const longest = { title: 200, entry: 10_000 } as const;

export type EntryText = { readonly title: string; readonly entry: string };

/** Controls but for tab and line end, and halves of a character: nobody types them, and PostgreSQL does not keep all of them. */
const unprintable = /(?![\t\n])[\p{Cc}\p{Cs}]/u;

/**
 * The text as it is kept: forms send lines that end with CR LF, and white space around it means nothing. `/\s+$/` would begin
 * anew at every blank of an entry that is full of them, and nobody else would be answered for a minute.
 */
export function tidy({ title, entry }: EntryText): EntryText {
  return { title: title.trim(), entry: entry.replace(/\r\n?/g, "\n").replace(/^\n+/, "").trimEnd() };
}

/** @param text tidied */
export function problemsOf({ title, entry }: EntryText): FieldErrors {
  const problems = {
    // A title of which nothing can be seen could not be told from another one.
    title: isBlank(title) ? required : problemOf(title, longest.title, title.includes("\n")),
    entry: isBlank(entry) ? required : problemOf(entry, longest.entry, false),
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined)) as FieldErrors;
} // prettier-ignore

/** Whether nothing can be seen of it. No character is seen by standing beside another. */
function isBlank(text: string): boolean {
  return foldKey(Array.from(new Set(text)).join("")) === "";
}

function problemOf(text: string, most: number, isBroken: boolean): string | undefined {
  if (isBroken || unprintable.test(text)) return "Field holds a character that cannot be shown.";
  return Array.from(text).length > most ? `Field cannot be longer than ${most} characters.` : undefined;
}
