/** What rules ask of a certificate, in the forms they ask it in: made once, however many rules there are. */
import { comparableName, type Certificate, type DistinguishedName } from "@sallyport/identity";
import { compareText, type ComparedText } from "./comparison.ts";

export type NameEvidence = {
  /** Equal for names that are the same (RFC 5280 section 7.1). */
  readonly whole: string;
  /** Dotted OID -> every value of that type; `undefined` stands for one that is no text. */
  readonly values: ReadonlyMap<string, readonly (ComparedText | undefined)[]>;
};

/** The kinds of alternative names that rules ask for. */
export type AltNameKind = "email" | "dns" | "uri" | "upn";

export type Evidence = {
  readonly subject: NameEvidence;
  readonly issuer: NameEvidence;
  readonly san: Readonly<Record<AltNameKind, readonly ComparedText[]>>;
  /** Upper-case hex with an even number of digits, `-` in front when negative. */
  readonly serial: string;
  /** Lower-case hex. */
  readonly fingerprint: string;
  readonly spki: string;
};

export function evidenceOf(certificate: Certificate): Evidence {
  const { emails, dnsNames, uris, upns } = certificate.subjectAltNames;
  const compared = (kind: AltNameKind, texts: readonly string[]) =>
    texts.map((text) => compareText(kind, text));
  return {
    subject: nameEvidence(certificate.subject),
    issuer: nameEvidence(certificate.issuer),
    san: {
      email: compared("email", emails),
      dns: compared("dns", dnsNames),
      uri: compared("uri", uris),
      upn: compared("upn", upns),
    },
    serial: certificate.serialNumber,
    fingerprint: certificate.sha256,
    spki: certificate.spkiSha256,
  };
}

function nameEvidence(name: DistinguishedName): NameEvidence {
  const values = Map.groupBy(name.flat(), ({ type }) => type);
  return {
    whole: comparableName(name),
    values: new Map(
      Array.from(values, ([type, attributes]) => [
        type,
        attributes.map(({ value }) => (value === undefined ? undefined : compareText("attribute", value))),
      ]),
    ),
  };
}
