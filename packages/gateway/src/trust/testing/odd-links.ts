/** Certificates as no authority should sign them. Whatever a source makes of them, it has to answer. */
import { createHash } from "node:crypto";
import type { Certificate } from "@sallyport/identity";
import type { Link } from "../source.ts";

export function oddLinks({ certificate, issuer }: Link): Link[] {
  const der = certificate.der;
  const oddities: Partial<Certificate>[] = [
    { serialNumber: "00" },
    { serialNumber: "-80" },
    { serialNumber: "F".repeat(20_000) },
    { issuer: [] },
    { issuer: [[{ type: "2.5.4.3", value: undefined, der: "0500" }]] },
    { issuer: [[{ type: "2.5.4.3", value: "\u0000\ud800,+=", der: undefined }]], subject: [] },
    { der: Buffer.alloc(0) },
    { der: Buffer.from("3080", "hex") },
    { der: der.subarray(0, -1) },
    { der: Buffer.concat([der, Buffer.from([0])]) },
    { der: Buffer.alloc(100_000, 0x30) },
  ];
  const certificates = oddities.map((oddity, at) => ({
    ...certificate,
    ...oddity,
    sha256: createHash("sha256").update(`odd ${at}`).digest("hex"),
    spkiSha256: createHash("sha256").update(`odd key ${at}`).digest("hex"),
  }));
  const odd = certificates.map((each) => ({ certificate: each, issuer }));
  const oddIssuers = certificates.map((each, at) => ({
    certificate: { ...certificate, sha256: createHash("sha256").update(`issued ${at}`).digest("hex") },
    issuer: each,
  }));
  return [...odd, ...oddIssuers, { certificate: issuer, issuer }];
}
