import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { it } from "node:test";
import { certsOnly } from "./certs-only.ts";

function certificate(subject: string): string {
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null", "-subj", subject]; // prettier-ignore
  return execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

it("OpenSSL finds in it what went in, and nothing else", () => {
  // names of several lengths, so that the lengths in DER take one octet, two and three
  const all = [0, 10, 3].map((units) => certificate(`${`/OU=${"x".repeat(64)}`.repeat(units)}/CN=Test`));
  for (const some of [all.slice(0, 1), all]) {
    const { stdout, stderr } = spawnSync("openssl", ["pkcs7", "-inform", "DER", "-print_certs"], { input: certsOnly(some), encoding: "utf8" }); // prettier-ignore
    assert.equal(stderr, "");
    const found = stdout.match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g) ?? [];
    assert.deepEqual(found.toSorted(), some.map((pem) => pem.trim()).toSorted());
  }
});
