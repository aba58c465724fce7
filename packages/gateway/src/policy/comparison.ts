/** How the texts of a certificate are compared with those of a rule, kind by kind. */
import { comparablePart, comparableText } from "@sallyport/identity";

/** A text of a certificate in the forms that rules are compared with, made once and not once a rule. */
export type ComparedText = {
  readonly written: string;
  /** What allows: by the letter of the standard. `undefined` for what has no comparison, or is not what it should be. */
  readonly strict: string | undefined;
  /**
   * What denies: case, width of white space, invisible characters and those without a comparison make no difference,
   * of whatever kind the text is. Nobody gets past a rule against them by a spelling that reads the same.
   */
  readonly loose: string;
};

export type TextKind = "attribute" | "email" | "dns" | "uri" | "upn";

const strictForms: Readonly<Record<TextKind, (text: string) => string | undefined>> = {
  attribute: comparableText,
  // With more than one @ it is not plain where the domain begins, and `grace@*` would be mallory's as well.
  email: (text) => (hasOneAt(text) ? lowerDomain(text) : undefined),
  dns: lowerAscii,
  uri: (text) => (/^[a-z][a-z0-9+.-]*:/i.test(text) ? lowerOrigin(text) : undefined),
  upn: (text) => (hasOneAt(text) ? lowerAscii(text) : undefined),
};

export function compareText(kind: TextKind, written: string): ComparedText {
  const strict = strictForms[kind](written);
  // The two forms of an attribute are one, unless it holds what has no comparison.
  const loose = kind === "attribute" && strict !== undefined ? strict : comparablePart(written);
  return { written, strict, loose };
}

/** The literal parts of a rule's text, between its asterisks, as they are compared with a strict or a loose form. */
export function literalParts(
  kind: TextKind,
  effect: "allow" | "deny",
  pattern: string,
): readonly string[] | undefined {
  if (kind === "attribute" || effect === "deny") return comparableParts(pattern);
  const lower = { email: lowerDomain, dns: lowerAscii, uri: lowerOrigin, upn: lowerAscii }[kind];
  return lower(pattern).split("*");
}

/** Split before they are prepared: preparation makes asterisks of others, U+FF0A, which stand for themselves. */
function comparableParts(pattern: string): readonly string[] | undefined {
  const given = pattern.split("*");
  const parts = given.map((part, at) => {
    // Beside an asterisk a space is no end of the text: it stays.
    const before = at > 0 ? "*" : "";
    const after = at < given.length - 1 ? "*" : "";
    const prepared = comparableText(before + part + after);
    return prepared?.slice(before.length, prepared.length - after.length);
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function hasOneAt(text: string): boolean {
  return text.split("@").length === 2;
}

/** Of ASCII alone: among all letters, U+212A is a small k too. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The local part is the domain's own business, its case included (RFC 5280 section 7.5). */
function lowerDomain(address: string): string {
  const domain = address.lastIndexOf("@") + 1;
  return address.slice(0, domain) + lowerAscii(address.slice(domain));
}

/** Scheme and host (RFC 5280 section 7.4); what stands before an @ is neither. */
function lowerOrigin(uri: string): string {
  return uri.replace(
    /^([^:/?#]+:)(?:(\/\/(?:[^/?#]*@)?)([^/?#]*))?/,
    (_, scheme: string, user: string | undefined, host: string | undefined) =>
      lowerAscii(scheme) + (user ?? "") + lowerAscii(host ?? ""),
  );
}
