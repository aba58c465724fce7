import { defaultFolder, shown } from "./store.ts";

/** The line a person types next, for the folder they are working in. */
export function nextCommand(words: string, folder: string): string {
  const out = folder === defaultFolder ? "" : ` --out ${quoted(shown(folder))}`;
  return `npm run certs -- ${words}${out}`;
}

/** One word for a POSIX shell, in double quotes where it needs any. */
export function quoted(word: string): string {
  return /^[\w./@:+-]+$/.test(word) ? word : `"${word.replace(/["$`\\]/g, "\\$&")}"`;
}
