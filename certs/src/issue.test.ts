import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { readIndex } from "./certificate-index.ts";
import { issue } from "./issue.ts";
import type { IssueRequest } from "./issue.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { profiles } from "./profiles.ts";
import { revoke } from "./revoke.ts";
import { localSubject } from "./subject.ts";
import { quickAuthority, scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

const program = join(import.meta.dirname, "testing", "issue-many.ts");

describe("issue", () => {
  let place: Scratch, authority: OpenAuthority;
  before(async () => {
    place = scratch();
    authority = await quickAuthority(join(place.folder, "authority"));
  });
  after(() => {
    place.remove();
  });

  const test = (request: Partial<IssueRequest> = {}) =>
    issue(authority, {
      name: "test",
      subject: localSubject("Test Subject"),
      keyAlgorithm: "ec-p256",
      ...request,
    });

  it("writes into the index what it issues, and issues what openssl verify accepts", async () => {
    const { serialNumber, certificatePem, notAfter, chainPem } = await test({
      alternativeNames: [{ type: "upn", value: "test@flask.local" }],
    });
    writeFileSync(join(place.folder, "test.crt"), certificatePem);
    assert.equal(
      place.openssl(
        "verify",
        "-x509_strict",
        "-purpose",
        "sslclient",
        "-CAfile",
        "authority/root.pem",
        "test.crt",
      ),
      "test.crt: OK\n",
    );
    const entry = (await readIndex(authority.folder)).certificates.at(-1);
    assert.equal(entry?.serialNumber, serialNumber);
    assert.equal(new X509Certificate(certificatePem).serialNumber, serialNumber);
    assert.deepEqual(
      [entry.name, entry.subject, entry.purpose],
      ["test", "CN=Test Subject,ST=Virginia,C=US", "client"],
    );
    assert.deepEqual(entry.notAfter, notAfter);
    assert.deepEqual(chainPem, []);
  });

  it("issues nothing that outlives the authority", async () => {
    const { notAfter } = await test({ days: 99_999, profile: profiles.server });
    assert.deepEqual(notAfter, authority.notAfter);
  });

  it("issues nothing under a name that cannot stand in a certificate, and says nothing of it in the index", async () => {
    const before = await readIndex(authority.folder);
    const refuses = (request: Partial<IssueRequest>, message: RegExp) =>
      assert.rejects(test(request), { name: "CertsError", message });
    await refuses({ subject: localSubject("a\nb") }, /CN holds a control character/);
    await refuses({ subject: localSubject("x/CN=Grace Hopper") }, /its CN holds "\/"\. .*--allow-ambiguous/);
    await refuses({ alternativeNames: [{ type: "dns", value: "a b" }] }, /"a b" is not a host's name/);
    assert.deepEqual(await readIndex(authority.folder), before);
    await test({ subject: localSubject("Zoë"), allowAmbiguous: true });
  });

  it("never gives one serial number twice and loses none, in two processes at once", async () => {
    const processes = Array.from({ length: 2 }, (_, at) =>
      spawn(process.execPath, [program, authority.folder, `process-${at}`, "12"], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
    const printed = (await Promise.all(processes.map(({ stdout }) => text(stdout))))
      .join("")
      .trim()
      .split("\n");
    assert.equal(new Set(printed).size, 24);
    const { certificates } = await readIndex(authority.folder);
    const recorded = certificates.filter(({ name }) => name.startsWith("process-"));
    assert.deepEqual(recorded.map(({ serialNumber }) => serialNumber).toSorted(), printed.toSorted());
  });

  it("leaves a whole index and no half file when it is killed", async () => {
    const child = spawn(process.execPath, [program, authority.folder, "killed", "1000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const chunks: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    while (chunks.join("").split("\n").length < 4) await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    const handedOut = chunks.join("").split("\n").slice(0, -1);
    await test({ name: "after" });
    assert.deepEqual(
      readdirSync(authority.folder).filter((name) => name.startsWith(".")),
      [],
    );
    const { certificates } = await readIndex(authority.folder);
    const killed = certificates
      .filter(({ name }) => name === "killed")
      .map(({ serialNumber }) => serialNumber);
    for (const serialNumber of handedOut)
      assert.ok(killed.includes(serialNumber), "handed out, but not recorded");
    assert.ok(killed.length <= handedOut.length + 1);
    assert.equal(certificates.at(-1)?.name, "after");
  });

  it("reads the index anew each time: another process may have revoked somebody", async () => {
    const { serialNumber } = await test({ name: "leaver" });
    await revoke(authority.folder, { serialNumber });
    await assert.rejects(test({ renews: serialNumber }), /^CertsError: leaver was revoked on .*not renewed/);
    assert.match(readFileSync(join(authority.folder, "index.json"), "utf8"), /"name":"leaver".*"revoked"/);
  });
});
