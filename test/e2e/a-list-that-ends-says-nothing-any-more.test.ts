import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createRevocationList } from "@sallyport/certs";
import { outcomeAt } from "../support/outcome-at.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n";
const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
const unavailable = "revocation-unavailable";
const life = 3_000;
const staleAfter = 2_000;

test("a list that ends says nothing any more of whom it does not name", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, rootFile, folder, grace } = authority;
  const backend = await recordingBackend(t, ({ target }) => (target === "/events" ? endless : okAnswer));
  const mallory = await authority.issue("Mallory");
  const revoked = [{ serialNumber: serialOf(mallory) }];
  const { routes, ...config } = gatewayConfig(authority, backend.port);
  const sources = { strict: {}, patient: { staleAfter: `${staleAfter / 1000}s` }, lenient: { whenUnknown: "allow" }, late: {} }; // prettier-ignore
  type Host = keyof typeof sources;
  const fileOf = (host: string) => join(folder, `${host}.crl`);
  const write = async (host: string, number: number, nextUpdate: Date, thisUpdate?: Date) => {
    const { pem } = await createRevocationList({
      issuer: root,
      ...{ number, revoked, nextUpdate, ...(thisUpdate && { thisUpdate }) },
    });
    await writeFile(fileOf(host), pem);
  };
  const begun = ["strict", "patient", "lenient"] as const;
  for (const host of begun) await write(host, 1, new Date(Date.now() + 3_600_000));
  await write("late", 1, new Date(Date.now() - 60_000), new Date(Date.now() - 120_000));
  const hosts = Object.entries(sources).map(([name, more]) => ({
    names: [`${name}.flask.local`],
    clients: { authorities: [rootFile], revocation: [{ crl: fileOf(name), ...more }] },
    routes,
  }));
  const gateway = await startGateway(t, { ...config, routes, hosts });
  const verdict = async (host: Host, person = grace) =>
    (await outcomeAt(gateway.port, `${host}.flask.local`, person)).verdict;
  const streams = Object.fromEntries(
    await Promise.all(
      (["strict", "lenient"] as const).map(async (host) => {
        const serverName = `${host}.flask.local`;
        const stream = await connectRaw({ port: gateway.port, identity: grace, serverName });
        t.after(stream.close);
        stream.send(`GET /flask/events HTTP/1.1\r\nHost: ${serverName}\r\n\r\n`);
        await waitUntil(
          () => stream.received().includes("event"),
          () => "no stream",
        );
        return [host, stream] as const;
      }),
    ),
  );
  /** Whom a list names stays refused, whatever becomes of the list. */
  const namedIsRefused = async () => {
    for (const host of Object.keys(sources) as Host[])
      assert.equal(await verdict(host, mallory), "certificate-revoked", host);
  };
  /** @returns when it was so for the first time, milliseconds since the epoch */
  const becomes = async (host: Host, wanted: number | string, limit: number) => {
    await waitUntil(async () => (await verdict(host)) === wanted, () => `${host} is not ${wanted}`, limit, 50); // prettier-ignore
    return Date.now();
  };

  await t.test("before its nextUpdate it counts; one that had ended at the start does not", async () => {
    for (const host of begun) assert.equal(await verdict(host), 200);
    assert.equal(await verdict("late"), unavailable);
    await namedIsRefused();
  });

  const nextUpdate = new Date(Date.now() + life).setMilliseconds(0);
  for (const host of begun) await write(host, 2, new Date(nextUpdate));

  await t.test("at its nextUpdate it turns into 503, and streams are cut", async () => {
    const at = await becomes("strict", unavailable, life + 3_000);
    assert.ok(at >= nextUpdate, "before its time");
    const { answer } = await outcomeAt(gateway.port, "strict.flask.local", grace);
    assert.deepEqual([answer.status, answer.header("Retry-After")], [503, "60"]);
    await waitUntil(
      () => streams["strict"]?.ended() === true,
      () => "the stream goes on",
      2_500,
    );
    await namedIsRefused();
  });

  await t.test("staleAfter gives it more time, and no more than that", async () => {
    if (Date.now() < nextUpdate + staleAfter - 1_000) assert.equal(await verdict("patient"), 200);
    const at = await becomes("patient", unavailable, staleAfter + 3_000);
    assert.ok(at >= nextUpdate + staleAfter, "before its time");
    await namedIsRefused();
  });

  await t.test("whenUnknown: allow lets in, and cuts nobody", async () => {
    assert.equal(await verdict("lenient"), 200);
    assert.equal(streams["lenient"]?.ended(), false);
  });

  await t.test("the log says so, for each list", () => {
    for (const host of Object.keys(sources))
      assert.ok(gateway.log.some(({ level, msg }) => level === "warn" && String(msg).includes(`${fileOf(host)} ended`)));
  }); // prettier-ignore

  await t.test("a new list ends it", async () => {
    for (const host of Object.keys(sources)) await write(host, 3, new Date(Date.now() + 3_600_000));
    for (const host of Object.keys(sources) as Host[]) await becomes(host, 200, 2_500);
    await namedIsRefused();
  });
  assert.equal(gateway.stderr(), "");
});
