/** Whether two names are the same person's or authority's (RFC 5280 section 7.1). Never compare names as text. */
import type { Attribute, DistinguishedName } from "./distinguished-name.ts";

/**
 * Compares two names as RFC 5280 section 7.1 asks: the same number of RDNs in the same order, each the same set of
 * attributes, type by type. Text is compared after the preparation of RFC 4518, so that case, the width of white space,
 * the encoding and invisible characters make no difference; a value that is no text is compared octet by octet.
 *
 * An RDN is more than a set here: `CN=a+CN=a` is not `CN=a+CN=b`, whichever is asked first.
 */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return comparableName(a) === comparableName(b);
}

/**
 * The same text for names that are the same by {@link sameName}, and for no others: for whoever compares one name with
 * many. It is a key, not a name: nothing reads it back.
 */
export function comparableName(name: DistinguishedName): string {
  return JSON.stringify(name.map((rdn) => rdn.map(comparableAttribute).sort()));
}

function comparableAttribute({ type, value, der }: Attribute): string {
  if (value === undefined) return `${type}#${der ?? ""}`;
  // The NUL keeps what has no comparison apart from everything else: nothing prepared has one.
  return `${type}=${comparableText(value) ?? `\0${value}`}`;
}

/** Unassigned, private and surrogate code points, for which RFC 4518 section 2.4 defines no comparison. */
const prohibited = /[\p{Cn}\p{Co}\p{Cs}\ufffd]/u;
const everyProhibited = new RegExp(prohibited, "gu");
const whiteSpace = /[\t-\r\u0085\p{Z}]/gu;
/** Controls, format characters and variation selectors (section 2.2). The zero-width space is one of the first. */
const mappedToNothing = /\p{Cc}|\p{Cf}|\u034f|\u1806|[\u180b-\u180f]|[\ufe00-\ufe0f]|\ufffc/gu;

/**
 * One attribute value as it is compared (RFC 4518 section 2, with the folding and white space of RFC 5280 section 7.1):
 * values are the same when these texts are equal.
 * @returns `undefined` for a value that holds what has no defined comparison: it is the same as itself and nothing else
 */
export function comparableText(value: string): string | undefined {
  return prohibited.test(value) ? undefined : prepare(value);
}

/**
 * What is left of a value, as it is compared, without the characters that have no comparison. For whoever would rather
 * take two values for the same than miss one; never a reason to let somebody in.
 */
export function comparablePart(value: string): string {
  return prepare(value.replace(everyProhibited, ""));
}

function prepare(value: string): string {
  const mapped = value.replace(whiteSpace, " ").replace(mappedToNothing, "");
  // Folding may leave what must be normalised, and the reverse (RFC 3454 appendix B.2).
  const folded = foldCase(foldCase(mapped).normalize("NFKC")).normalize("NFKC");
  // A space that carries a combining mark is a character, not white space (section 2.6.1).
  return folded.replace(/(?: (?!\p{M}))+/gu, " ").replace(/^ (?!\p{M})| $/gu, "");
}

/** The dotless i is its own small letter, and a sigma is the same wherever it stands (RFC 3454 appendix B.2). */
function foldCase(text: string): string {
  return text
    .split("\u0131")
    .map((part) => part.toLowerCase().toUpperCase().toLowerCase())
    .join("\u0131")
    .replaceAll("\u03c2", "\u03c3");
}
