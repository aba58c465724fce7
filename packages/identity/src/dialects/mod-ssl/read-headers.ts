/** Reads what a dialect of the mod_ssl family wrote. */
import type { Certificate } from "../../certificate.ts";
import { foldName } from "../../fold-name.ts";
import { IdentityError } from "../../identity-error.ts";
import { sameName } from "../../same-name.ts";
import type { AssertedIdentity, HeaderLine } from "../dialect.ts";
import { assertedBy, fromWire, nothingAsserted, onlyValue } from "../../wire/header-lines.ts";
import type { NameForm } from "./name-form.ts";
import { parsePemLine } from "./pem-line.ts";
import { parseValue } from "./value-text.ts";

/** @throws IdentityError */
export function readHeaders(lines: readonly HeaderLine[], form: NameForm): AssertedIdentity | undefined {
  const value = (name: string) => {
    const found = onlyValue(lines, name);
    return found === undefined ? undefined : fromWire(found);
  };
  const verify = value("SSL_CLIENT_VERIFY");
  const subjectText = value("SSL_CLIENT_S_DN");
  const issuerText = value("SSL_CLIENT_I_DN");
  const pem = value("SSL_CLIENT_CERT");
  if (verify === "NONE" && subjectText === undefined && pem === undefined) return undefined;
  if (verify === undefined) {
    throw new IdentityError("verification-missing", "The request carries no SSL_CLIENT_VERIFY.");
  }
  if (verify !== "SUCCESS") {
    throw new IdentityError("verification-failed", "SSL_CLIENT_VERIFY is not SUCCESS.");
  }
  if (subjectText === "" || (subjectText === undefined && pem === undefined)) {
    throw new IdentityError("subject-missing", "The request carries neither SSL_CLIENT_S_DN nor SSL_CLIENT_CERT."); // prettier-ignore
  }
  const names = {
    subject: subjectText === undefined ? undefined : form.parseSubject(subjectText),
    issuer: issuerText ? form.parseIssuer(issuerText) : undefined,
    emails: numbered(lines, "SSL_CLIENT_SAN_Email"),
    dnsNames: numbered(lines, "SSL_CLIENT_SAN_DNS"),
    upns: numbered(lines, "SSL_CLIENT_SAN_OTHER_msUPN"),
  };
  if (pem !== undefined) return agreeing(parsePemLine(pem), names);
  const { emails, dnsNames, upns } = names;
  return {
    ...nothingAsserted,
    ...names,
    emails: [...emails.values()],
    dnsNames: [...dnsNames.values()],
    upns: [...upns.values()],
  };
}

type Numbered = ReadonlyMap<number, string>;

/** The values of a family by their numbers. Where some are missing, the route did not ask for them or they are empty. */
function numbered(lines: readonly HeaderLine[], family: string): Numbered {
  const pattern = new RegExp(`^${foldName(family)}_(0|[1-9]\\d{0,3})$`);
  const numbers = lines.flatMap(([name]) => pattern.exec(foldName(name))?.[1] ?? []);
  const found = numbers.map((number): [number, string] => {
    const value = onlyValue(lines, `${family}_${number}`) ?? "";
    return [Number(number), parseValue(fromWire(value))];
  });
  return new Map(found.toSorted(([one], [other]) => one - other));
}

type Names = Partial<Pick<AssertedIdentity, "subject" | "issuer">> &
  Readonly<Record<"emails" | "dnsNames" | "upns", Numbered>>;

/**
 * The certificate is the better witness, but the gateway writes both from one certificate: where they differ, one of
 * them came from somebody else, and neither is believed.
 */
function agreeing(certificate: Certificate, { subject, issuer, ...families }: Names): AssertedIdentity {
  const agree =
    (!subject || sameName(subject, certificate.subject)) &&
    (!issuer || sameName(issuer, certificate.issuer)) &&
    (["emails", "dnsNames", "upns"] as const).every((kind) =>
      [...families[kind]].every(([at, value]) => certificate.subjectAltNames[kind][at] === value),
    );
  if (!agree) {
    throw new IdentityError("certificate-mismatch", "SSL_CLIENT_CERT is not the certificate that the other headers tell of."); // prettier-ignore
  }
  return assertedBy(certificate);
}
