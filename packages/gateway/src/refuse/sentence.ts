/** Sentences with names and dates in them, worded once: for a page, where names are kept apart from the words, and for text. */
import { longDate, timeElement } from "../pages/date.ts";
import { escapeHtml } from "../pages/page.ts";

/** A foreign name, or an instant with its words. */
type Part = string | { readonly name: string } | { readonly instant: number; readonly words: string };
export type Sentence = readonly Part[];

/** A template's words are ours; what is put between them is a name, a date, or a sentence. */
export function say(words: TemplateStringsArray, ...parts: readonly Sentence[]): Sentence {
  return words.flatMap((ours, at) => [ours, ...(parts[at] ?? [])]);
}

export function name(text: string): Sentence {
  return [{ name: text }];
}

export function date(instant: number, words = longDate(instant)): Sentence {
  return [{ instant, words }];
}

/** `A, B or C` */
export function either(choices: readonly Sentence[]): Sentence {
  return choices.flatMap((choice, at) => [separator(at, choices.length), ...choice]);
}

function separator(at: number, length: number): string {
  if (at === 0) return "";
  return at === length - 1 ? " or " : ", ";
}

export function sentenceHtml(sentence: Sentence): string {
  return sentence
    .map((part) => {
      if (typeof part === "string") return escapeHtml(part);
      return "name" in part
        ? `<bdi>${escapeHtml(part.name)}</bdi>`
        : timeElement(part.instant, escapeHtml(part.words));
    })
    .join("");
}

export function sentenceText(sentence: Sentence): string {
  return sentence
    .map((part) => (typeof part === "string" ? part : "name" in part ? part.name : part.words))
    .join("");
}
