/** The responder of the openssl command line, as many a small authority runs it. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { generateKeyPairSync } from "node:crypto";
import type { Link } from "../source.ts";
import { recordEvents } from "../testing/record-events.ts";
import { extendedKeyUsage, issue, type Holder } from "../testing/test-authority.ts";
import { openOcsp } from "./ocsp.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-ocsp-"));
const processes: ChildProcess[] = [];
after(() => {
  for (const process of processes) process.kill();
  rmSync(folder, { recursive: true });
});

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const ocspSigning = [extendedKeyUsage("1.3.6.1.5.5.7.3.9")];
const authority = issue({ commonName: "Test Authority" });
const subject = (commonName: string): Link => ({
  certificate: issue({ commonName, issuer: authority }).certificate,
  issuer: authority.certificate,
});
const grace = subject("Grace Hopper");
const mallory = subject("Mallory");
const stranger = subject("Test Subject");

/** The format of `openssl ca`: status, end, revocation, serial number, file, subject. */
const index = `V\t351231235959Z\t\t${grace.certificate.serialNumber}\tunknown\t/CN=Grace Hopper
R\t351231235959Z\t260101000000Z,keyCompromise\t${mallory.certificate.serialNumber}\tunknown\t/CN=Mallory
`;

let files = 0;
const write = (text: string): string => {
  const path = join(folder, `${(files += 1)}`);
  writeFileSync(path, text);
  return path;
};

/** @returns its address */
async function startOpenssl(signer: Holder, more: readonly string[]): Promise<string> {
  const key = signer.key.export({ type: "pkcs8", format: "pem" }).toString();
  const args = ["ocsp", "-port", "0", "-index", write(index), "-CA", write(authority.certificate.pem)];
  const own = ["-rsigner", write(signer.certificate.pem), "-rkey", write(key), "-ignore_err", ...more];
  const responder = spawn("openssl", [...args, ...own], { stdio: ["ignore", "pipe", "pipe"] });
  processes.push(responder);
  responder.stderr.resume();
  for await (const line of createInterface(responder.stdout)) {
    const port = /^ACCEPT .*:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    responder.stdout.resume();
    return `http://localhost:${port}/`;
  }
  await once(responder, "exit");
  throw new Error("openssl ocsp has ended");
}

describe("openssl ocsp", () => {
  for (const [what, signer, more] of [
    ["signing as the authority itself", authority, ["-ndays", "1"]],
    ["signing as the authority, named by its key", authority, ["-ndays", "1", "-resp_key_id"]],
    ["without a nextUpdate", authority, []],
    ["signing as a responder of the authority", issue({ commonName: "Test Responder", issuer: authority, extensions: ocspSigning }), ["-nmin", "10"]],
    ["signing with RSA", issue({ commonName: "Test Responder", issuer: authority, extensions: ocspSigning, keys: rsa() }), ["-nmin", "10", "-rmd", "sha512"]],
  ] as const) {
    it(what, async () => {
      const events = recordEvents();
      const source = await openOcsp({ responder: await startOpenssl(signer, more) }, events);
      for (const [link, status] of [[grace, "good"], [mallory, "revoked"], [stranger, "unknown"]] as const) {
        const standing = await source.check(link, Date.now());
        assert.equal(standing.status, status, standing.detail);
      }
      assert.match((await source.check(mallory, Date.now())).detail, /revoked since 2026-01-01T00:00:00Z$/);
      assert.deepEqual(events.warnings, []);
      source.close();
    });
  }

  for (const [what, signer, reason] of [
    ["signing as a certificate without the purpose", issue({ commonName: "Test Responder", issuer: authority }), /not for signing OCSP/],
    ["signing as a stranger", issue({ commonName: "Mallory", extensions: ocspSigning }), /no certificate from the authority/],
  ] as const) {
    it(`${what} is not believed`, async () => {
      const source = await openOcsp({ responder: await startOpenssl(signer, ["-ndays", "1"]) }, recordEvents());
      for (const link of [grace, mallory]) {
        const { status, detail } = await source.check(link, Date.now());
        assert.equal(status, "unknown");
        assert.match(detail, reason);
      }
      source.close();
    });
  }
}); // prettier-ignore
