/** In UTF-16 units: more than any name, title or password has, however its characters are put together. */
const longest = 4096;

/** Whether bringing a text into a normal form is worth the trouble: nothing that is longer is anybody's name or password. */
export function isShort(text: string): boolean {
  return text.length <= longest;
}

/**
 * A text in a normal form of Unicode; a long one as it is, for its length to be refused. The marks on one letter have to be
 * sorted, which costs the square of their number (Unicode TR 15, section 13): a form full of them would take seconds.
 */
export function normalForm(text: string, form: "NFC" | "NFKC"): string {
  return isShort(text) ? text.normalize(form) : text;
}
