/** Grace's certificate as it stands in the documentation: facts, with a body that is plainly an example and no key's. */
import { createHash } from "node:crypto";
import type { Certificate } from "../certificate.ts";
import type { DistinguishedName } from "../distinguished-name.ts";
import { nameOf, oid, sequence, tlv, utcTime, utf8, type DerAttribute } from "./der.ts";

/** `C`, `ST`, `CN`: in certificate order. */
const types = ["2.5.4.6", "2.5.4.8", "2.5.4.3"];
const printable = (text: string) => tlv(19, Buffer.from(text));

function name(commonName: string): { readonly der: Buffer; readonly rdns: DistinguishedName } {
  const values = ["US", "Virginia", commonName].map((text, at) => ({
    text,
    der: at === 0 ? printable(text) : utf8(text),
  }));
  return {
    der: nameOf(values.map(({ der }, at): DerAttribute[] => [[types[at] ?? "", der]])),
    rdns: values.map(({ text, der }, at) => [
      { type: types[at] ?? "", value: text, der: der.toString("hex").toUpperCase() },
    ]),
  };
}

const subject = name("Grace Hopper");
const issuer = name("Root Flask Local Certificate Authority");
const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
const serial = Buffer.from("4D1E5C00A1B2C3D4", "hex");
const nothing = utf8("no key");

/** Shaped as a certificate as far as its names stand in it; where a key and a signature would be, it says that they are not. */
const der = sequence(
  sequence(
    tlv(0xa0, tlv(2, Buffer.from([2]))),
    tlv(2, serial),
    algorithm,
    issuer.der,
    sequence(utcTime("260101000000Z"), utcTime("270516000000Z")),
    subject.der,
    nothing,
  ),
  algorithm,
  tlv(3, Buffer.from("\0no signature")),
);

const digest = (kind: "sha1" | "sha256", bytes: Buffer) => createHash(kind).update(bytes).digest("hex");

export const exampleCertificate: Certificate = {
  subject: subject.rdns,
  issuer: issuer.rdns,
  serialNumber: serial.toString("hex").toUpperCase(),
  notBefore: Date.UTC(2026, 0, 1),
  notAfter: Date.UTC(2027, 4, 16),
  version: 3,
  signatureAlgorithm: "ecdsa-with-SHA256",
  keyAlgorithm: "id-ecPublicKey",
  subjectAltNames: {
    emails: ["grace@flask.local"],
    dnsNames: [],
    uris: [],
    ipAddresses: [],
    upns: [],
  },
  sha256: digest("sha256", der),
  sha1: digest("sha1", der),
  spkiSha256: digest("sha256", nothing),
  der,
  pem: `-----BEGIN CERTIFICATE-----\n${der
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
};
