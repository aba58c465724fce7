/** What every reader needs of header lines: one value or none, never a choice. */
import { foldName } from "../fold-name.ts";
import { IdentityError } from "../identity-error.ts";
import type { Certificate } from "../certificate.ts";
import type { AssertedIdentity, HeaderLine } from "../dialects/dialect.ts";

/**
 * The value of a header that may be there once at most. Frameworks join repeated lines with a comma or fold two
 * spellings into one: whoever added the second line could choose the name, so neither is believed.
 * @throws IdentityError `subject-repeated`
 */
export function onlyValue(lines: readonly HeaderLine[], name: string): string | undefined {
  const folded = foldName(name);
  const values = lines.filter((line) => foldName(line[0]) === folded).map((line) => line[1]);
  if (values.length > 1) {
    throw new IdentityError(
      "subject-repeated",
      `The request carries ${values.length} lines that read as ${name}.`,
    );
  }
  return values[0];
}

/** An assertion that says nothing yet: a dialect spreads it and fills in what it carries. */
export const nothingAsserted: AssertedIdentity = {
  subject: undefined,
  issuer: undefined,
  certificate: undefined,
  emails: [],
  dnsNames: [],
  uris: [],
  upns: [],
  sha256: undefined,
  user: undefined,
};

/** What a whole certificate asserts. */
export function assertedBy(certificate: Certificate): AssertedIdentity {
  const { emails, dnsNames, uris, upns } = certificate.subjectAltNames;
  const { subject, issuer, sha256 } = certificate;
  return { subject, issuer, certificate, emails, dnsNames, uris, upns, sha256, user: undefined };
}

/** Text as the octets that go on the wire: UTF-8, each octet one character, as header values are handled in Node. */
export function toWire(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/**
 * The reverse, for a value as Node or Express give it.
 * @throws IdentityError `name-malformed` when the octets are not UTF-8
 */
export function fromWire(value: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, "latin1"));
  } catch {
    throw new IdentityError("name-malformed", "The value is not UTF-8.");
  }
}
