import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createAuthority, type Issued } from "./authority.ts";
import type { KeyAlgorithm } from "./key-pair.ts";
import { createRevocationList, type RevocationListRequest } from "./revocation-list.ts";
import { localSubject } from "./subject.ts";

describe("createRevocationList", () => {
  let folder: string;
  let authority: Issued;
  const create = (request: Omit<RevocationListRequest, "issuer"> = {}) =>
    createRevocationList({ issuer: authority, ...request });
  const makeAuthority = (name: string, keyAlgorithm: KeyAlgorithm) =>
    createAuthority({ subject: localSubject(name), keyAlgorithm });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "revocation-list-"));
    authority = await makeAuthority("Test Root", "ec-p256");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** What `openssl crl` prints of a list, and whether its signature is the authority's. */
  function shown(list: Buffer | string, { certificatePem }: Issued, ...options: string[]): [text: string, verified: string] {
    const file = join(folder, "authority.pem");
    writeFileSync(file, certificatePem);
    const { stdout, stderr } = spawnSync("openssl", ["crl", "-noout", "-text", "-verify", "-CAfile", file, ...options], { input: list });
    return [stdout.toString(), stderr.toString()];
  } // prettier-ignore

  it("signs what openssl verifies, in PEM and DER, with EC and RSA keys", async () => {
    const rsa = await makeAuthority("RSA Root", "rsa-2048");
    for (const issuer of [authority, rsa]) {
      const { pem, der } = await createRevocationList({
        issuer,
        number: 1,
        revoked: [{ serialNumber: "01" }],
      });
      const [text, verified] = shown(pem, issuer);
      assert.equal(verified, "verify OK\n");
      assert.deepEqual(shown(Buffer.from(der), issuer, "-inform", "DER"), [text, verified]);
      assert.match(pem, /^-----BEGIN X509 CRL-----\n[^]+\n-----END X509 CRL-----\n$/);
    }
    const namesake = await makeAuthority("Test Root", "ec-p256");
    assert.match(shown((await create()).pem, namesake)[1], /verify failure/);
  });

  it("writes dates, serial numbers and reasons", async () => {
    const { pem } = await create({
      number: 128,
      thisUpdate: new Date("2026-01-02T03:04:05.678Z"),
      nextUpdate: new Date("2051-01-02T03:04:05Z"),
      revoked: [
        { serialNumber: "FF00", date: new Date("2025-12-24T18:00:00Z"), reason: "certificateHold" },
        { serialNumber: "7A".repeat(20) },
      ],
    });
    const [text] = shown(pem, authority);
    assert.match(text, /Issuer: C = US, ST = Virginia, CN = Test Root\n/);
    assert.match(
      text,
      /Last Update: Jan {2}2 03:04:05 2026 GMT\n +Next Update: Jan {2}2 03:04:05 2051 GMT\n/,
    );
    assert.match(text, /CRL Number: \n +128\n/);
    assert.match(text, /Authority Key Identifier: \n/);
    assert.match(text, /Serial Number: FF00\n +Revocation Date: Dec 24 18:00:00 2025 GMT\n +CRL entry extensions:\n +X509v3 CRL Reason Code: \n +Certificate Hold\n/); // prettier-ignore
    assert.match(text, /Serial Number: (7A){20}\n +Revocation Date: .*\n +Signature Algorithm/);
  });

  it("leaves out what is not asked for", async () => {
    const [text, verified] = shown((await create({ nextUpdate: null })).pem, authority);
    assert.equal(verified, "verify OK\n");
    assert.match(text, /Next Update: NONE\n/);
    assert.match(text, /No Revoked Certificates\./);
    assert.doesNotMatch(text, /CRL Number/);
  });

  it("runs for a week unless told otherwise", async () => {
    const [text] = shown((await create()).pem, authority);
    const [, from = "", until = ""] = /Last Update: (.*)\n +Next Update: (.*)\n/.exec(text) ?? [];
    assert.equal(Date.parse(until) - Date.parse(from), 7 * 24 * 60 * 60 * 1000);
  });

  it("takes any extension, of the list and of an entry", async () => {
    const value = Buffer.from("020105", "hex");
    const [text] = shown(
      (
        await create({
          extensions: [{ type: "2.5.29.27", critical: true, value }],
          revoked: [{ serialNumber: "01", extensions: [{ type: "1.2.3.4", value }] }],
        })
      ).pem,
      authority,
    );
    assert.match(text, /Delta CRL Indicator: critical\n +5\n/);
    assert.match(text, /CRL entry extensions:\n +1\.2\.3\.4: \n/);
  });
});
