/** The subjects of many certificates, printed by one openssl: to start it for each of a thousand takes half a minute. */
import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * `openssl verify` without any authority: it complains of each certificate under its subject, which it prints through the
 * same function as `openssl x509 -subject`. (All but `compat`, which only the latter prints as X509_NAME_oneline does.)
 * @returns Latin-1 text of the octets printed; `undefined` for a certificate that openssl cannot read
 */
export function opensslSubjects(certificates: readonly Buffer[], nameopt: string): (string | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-names-"));
  try {
    const files = certificates.map((der, at) => {
      const file = join(folder, `${at}.pem`);
      writeFileSync(file, new X509Certificate(der).toString());
      return file;
    });
    const args = ["verify", "-no-CAfile", "-no-CApath", "-no-CAstore", "-nameopt", nameopt, ...files];
    const { stderr } = spawnSync("openssl", args, { maxBuffer: 2 ** 28 });
    const complaints = stderr.toString("latin1");
    let at = 0;
    return files.map((file) => {
      const end = complaints.indexOf(`\nerror ${file}: verification failed\n`, at);
      if (end < 0) return undefined;
      const subject = /^.*(?=\nerror \d+ at 0 depth lookup: )/.exec(complaints.slice(at, end))?.[0];
      at = complaints.indexOf("\n", end + 1) + 1;
      return subject;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
