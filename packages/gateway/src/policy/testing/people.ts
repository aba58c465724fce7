/** Clients whose certificates are minted for this run, with names and values that no honest authority would sign. */
import { parseRfc4514, readCertificate, type ClientIdentity } from "@sallyport/identity";
import {
  generalNames, mintCertificate, stringTags, subjectAltName, tlv, userPrincipalName, utf8, type DerAttribute,
} from "@sallyport/identity/testing/der"; // prettier-ignore

export type Person = {
  /** RFC 4514 text, or RDNs in certificate order. */
  readonly subject?: string | readonly (readonly DerAttribute[])[];
  readonly issuer?: string;
  readonly serial?: string;
  readonly emails?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly uris?: readonly string[];
  readonly upns?: readonly string[];
};

export type Known = Extract<ClientIdentity, { verify: "SUCCESS" }>;

export function person({
  subject = "CN=Test Subject",
  issuer = "CN=Test Authority",
  serial = "01",
  emails = [],
  dnsNames = [],
  uris = [],
  upns = [],
}: Person): Known {
  const names = [
    ...emails.map(generalNames.email),
    ...dnsNames.map(generalNames.dns),
    ...uris.map(generalNames.uri),
    ...upns.map((upn) => generalNames.other(userPrincipalName, utf8(upn))),
  ];
  const der = mintCertificate({
    subject: typeof subject === "string" ? rdnsOf(subject) : subject,
    issuer: rdnsOf(issuer),
    serial: Buffer.from(serial, "hex"),
    extensions: names.length > 0 ? [subjectAltName(...names)] : [],
  });
  return { verify: "SUCCESS", certificate: readCertificate(der) };
}

function rdnsOf(text: string): DerAttribute[][] {
  return parseRfc4514(text).map((rdn) => rdn.map(({ type, value = "" }) => [type, utf8(value)]));
}

export const oids = { CN: "2.5.4.3", OU: "2.5.4.11", O: "2.5.4.10" } as const;

/** An RDN of one attribute. */
export const rdn = (type: keyof typeof oids, value: string | Buffer): DerAttribute[] => [
  [oids[type], typeof value === "string" ? utf8(value) : value],
];

export const bmpString = (text: string): Buffer => tlv(stringTags.bmp, Buffer.from(text, "utf16le").swap16());
export const bitString = (text: string): Buffer => tlv(0x03, Buffer.from(`\0${text}`));
