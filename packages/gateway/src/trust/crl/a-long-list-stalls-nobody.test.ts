import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority, type Issued } from "@sallyport/certs";
import { readCertificate } from "@sallyport/identity";
import type { Link, Source } from "../source.ts";
import { recordEvents } from "../testing/record-events.ts";
import { openCrlFiles } from "./crl-files.ts";
import { entryOf, crlNumber, mintList } from "./testing/mint-list.ts";

const entries = 100_000;
/** 16 octets that no two numbers share. */
const serialOf = (number: number) => {
  const serial = Buffer.alloc(16, 0x5a);
  serial.writeUInt32BE(Math.imul(number, 0x9e3779b1) >>> 0, 4);
  return serial;
};

describe("a list of 100,000 entries", () => {
  const folder = mkdtempSync(join(tmpdir(), "long-list-"));
  const path = join(folder, "long.crl");
  let authority: Issued;
  let source: Source;
  before(async () => {
    authority = await createAuthority({
      subject: [{ type: "CN", value: "Test Root" }],
      keyAlgorithm: "ec-p256",
    });
    const listed = Array.from({ length: entries }, (_, number) => entryOf(serialOf(number)));
    writeFileSync(path, mintList({ issuer: authority, entries: listed, extensions: [crlNumber(1)] }));
  });
  after(() => {
    source.close();
    rmSync(folder, { recursive: true });
  });

  it("is read while the process goes on with its work", async () => {
    const stalls = monitorEventLoopDelay({ resolution: 5 });
    const options = {
      path,
      name: "long.crl",
      staleAfter: 0,
      authorities: [new X509Certificate(authority.der)],
    };
    stalls.enable();
    const begun = performance.now();
    source = await openCrlFiles(options, recordEvents());
    const took = performance.now() - begun;
    // A stall is seen only when it is over.
    await sleep(50);
    stalls.disable();
    const longest = stalls.max / 1e6;
    // Read on the main thread, it would be stalled all the time; a busy machine may take a share.
    assert.ok(longest < Math.max(50, took / 3), `stalled for ${longest.toFixed(0)} of ${took.toFixed(0)} ms`);
    assert.equal(source.states()[0]?.entries, entries);
  });

  it("knows every one of them, and no other, in microseconds", () => {
    const certificate = readCertificate(Buffer.from(authority.der));
    const link = (serial: Buffer): Link => ({
      certificate: { ...certificate, serialNumber: serial.toString("hex").toUpperCase() },
      issuer: certificate,
    });
    const now = Date.now();
    const status = (serial: Buffer) => {
      const standing = source.check(link(serial), now);
      assert.ok(!(standing instanceof Promise));
      return standing.status;
    };
    const begun = performance.now();
    for (let number = 0; number < entries; number += 10) assert.equal(status(serialOf(number)), "revoked");
    for (let number = entries; number < entries + 10_000; number++)
      assert.equal(status(serialOf(number)), "good");
    const each = ((performance.now() - begun) / 20_000) * 1000;
    assert.ok(each < 200, `${each.toFixed(0)} microseconds each`);
  });
});
