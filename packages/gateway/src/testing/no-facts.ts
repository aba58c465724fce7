import type { Certificate } from "@sallyport/identity";

/** A certificate that says nothing: a test spreads it and fills in what it is about. */
export const noFacts: Certificate = {
  subject: [],
  issuer: [],
  serialNumber: "01",
  notBefore: -Infinity,
  notAfter: Infinity,
  version: 3,
  signatureAlgorithm: "",
  keyAlgorithm: "",
  subjectAltNames: { emails: [], dnsNames: [], uris: [], ipAddresses: [], upns: [] },
  sha256: "",
  sha1: "",
  spkiSha256: "",
  der: Buffer.alloc(0),
  pem: "",
};
