import assert from "node:assert/strict";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createRevocationList } from "@sallyport/certs";
import { outcomeAt } from "../support/outcome-at.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const denied = ["- fingerprint: ", `"${"00".repeat(32)}"\n- fingerprint: `] as const;

test("a list that is written in two parts is read when it is whole", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, folder } = authority;
  const backend = await recordingBackend(t);
  const [mallory, cecilia, subject, other] = await Promise.all(["Mallory", "Cecilia Payne", "Test Subject", "Other Subject"].map((name) => authority.issue(name))); // prettier-ignore
  assert.ok(mallory && cecilia && subject && other);
  const listOf = async (number: number, ...people: Identity[]) => {
    const revoked = people.map((each) => ({ serialNumber: serialOf(each) }));
    return (await createRevocationList({ issuer: root, number, revoked })).pem;
  };
  const [crl, denyList] = [join(folder, "revoked.crl"), join(folder, "denied.yaml")];
  const first = `- { serial: "${serialOf(cecilia)}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`;
  await writeFile(crl, await listOf(1, mallory));
  await writeFile(denyList, first);
  const revocation = [{ crl }, { denyList }];
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port, { clients: { revocation } }));
  const verdict = async (person: Identity) => (await outcomeAt(gateway.port, "localhost", person)).verdict;
  /** One stands on the revocation list only, the other on the deny list only. */
  const assertStays = async () => {
    for (const person of [mallory, cecilia]) assert.equal(await verdict(person), "certificate-revoked");
    assert.equal(await verdict(authority.grace), 200);
  };
  const whole = await listOf(2, mallory, subject);
  const more = `- { serial: "${serialOf(other)}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`;

  for (const [name, file, begin, rest, named] of [
    ["a revocation list", crl, whole.slice(0, 300), whole.slice(300), subject],
    ["a deny list", denyList, `${first}${denied[0]}`, `${denied[1]}"${"11".repeat(32)}"\n${more}`, other],
  ] as const) {
    await t.test(name, async () => {
      await writeFile(file, begin);
      await gateway.logged(({ level, msg }) => level === "warn" && String(msg).includes(file));
      await assertStays();
      await appendFile(file, rest);
      await waitUntil(
        async () => (await verdict(named)) === "certificate-revoked",
        () => "the whole list is not in force",
        2_500,
      );
      await assertStays();
    });
  }

  await t.test("a list that grows step by step is read once, when it rests", async () => {
    const before = gateway.log.length;
    const last = await listOf(3, mallory, subject);
    const step = Math.ceil(last.length / 8);
    await writeFile(crl, "");
    let [written, longestGap] = [performance.now(), 0];
    for (let at = 0; at < last.length; at += step) {
      await delay(100);
      await appendFile(crl, last.slice(at, at + step));
      longestGap = Math.max(longestGap, performance.now() - written);
      written = performance.now();
    }
    await delay(1_000);
    // A file that has rested for two looks is taken for whole: on a machine that stalls this test, it may be.
    if (longestGap > 400) return;
    assert.deepEqual(
      gateway.log.slice(before).filter(({ level }) => level === "warn"),
      [],
    );
  });
  assert.equal(gateway.stderr(), "");
});
