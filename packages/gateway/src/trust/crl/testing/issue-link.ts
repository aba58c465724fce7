/** Certificates with any extension, from OpenSSL, as links below an authority of ours. */
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Issued } from "@sallyport/certs";
import { readCertificate } from "@sallyport/identity";
import type { Link } from "../../source.ts";

export type LinkOptions = {
  /** As OpenSSL takes it: decimal, or hex behind 0x. */
  readonly serial?: string;
  /** Lines of an extension section of OpenSSL's configuration. */
  readonly extensions?: string;
};

let serials = 1000;

export function issueLink(issuer: Issued, { serial = `${serials++}`, extensions = "basicConstraints=CA:FALSE" }: LinkOptions = {}): Link {
  const folder = mkdtempSync(join(tmpdir(), "issue-link-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  try {
    writeFileSync(join(folder, "ca.pem"), issuer.certificatePem);
    writeFileSync(join(folder, "ca.key"), issuer.privateKeyPem);
    writeFileSync(join(folder, "ext"), extensions);
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key", "-subj", "/CN=Test Subject", "-out", "csr");
    openssl("x509", "-req", "-in", "csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", serial, "-extfile", "ext", "-out", "leaf.pem");
    const certificate = readCertificate(new X509Certificate(readFileSync(join(folder, "leaf.pem"))).raw);
    return { certificate, issuer: readCertificate(Buffer.from(issuer.der)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
} // prettier-ignore
