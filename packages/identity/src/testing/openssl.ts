/** The openssl command line, the reference that texts and certificates are compared with. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";

/** @returns its standard output, without the last line break */
export function openssl(args: readonly string[], input: string | Buffer = ""): string {
  return execFileSync("openssl", args, { input, stdio: ["pipe", "pipe", "ignore"] })
    .toString("latin1")
    .replace(/\n$/, "");
}

/** What openssl prints after `subject=`. */
export function opensslSubject(der: Buffer, nameopt: string): string {
  const pem = new X509Certificate(der).toString();
  return openssl(["x509", "-noout", "-subject", "-nameopt", nameopt], pem).replace(/^subject=/, "");
}

/**
 * Mints self-signed certificates with `openssl req`.
 * @param use called with a function: `-subj` text and more arguments -> DER
 */
export function withOpensslRequests<Result>(
  use: (mint: (subject: string, ...more: readonly string[]) => Buffer) => Result,
): Result {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-identity-"));
  try {
    const key = join(folder, "test.key");
    writeFileSync(key, openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]));
    const configs = new Map<string, string>();
    return use((subject, ...more) => {
      const mask = more.find((word) => word.startsWith("mask=")) ?? "mask=utf8only";
      let config = configs.get(mask);
      if (config === undefined) {
        config = join(folder, `${configs.size}.cnf`);
        const text = `[req]\nprompt=no\nstring_mask=${mask.slice(5)}\ndistinguished_name=dn\n[dn]\nCN=unused\n`;
        writeFileSync(config, text);
        configs.set(mask, config);
      }
      const words = more.filter((word) => !word.startsWith("mask="));
      const args = [
        "req",
        "-x509",
        "-config",
        config,
        "-new",
        "-key",
        key,
        "-multivalue-rdn",
        "-subj",
        subject,
      ];
      const pem = openssl([...args, ...words]);
      return new X509Certificate(pem).raw;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
