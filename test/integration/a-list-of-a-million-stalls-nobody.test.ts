import assert from "node:assert/strict";
import { readFile, rename, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { longList } from "../support/long-list.ts";
import { outcomeAt } from "../support/outcome-at.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const million = 1_000_000;
const megabyte = 1024 * 1024;
/** Milliseconds. A gateway that read the list between two requests would keep somebody waiting for a second or two. */
const longestAnswer = 250;

test("a list of a million entries stalls nobody, and fits in 100 MB", { timeout: 120_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, folder, grace, issue } = authority;
  const backend = await recordingBackend(t);
  const [crl, denyList] = [join(folder, "revoked.crl"), join(folder, "denied.yaml")];
  const denied: string[] = [];
  const deny = (person: Identity) => {
    denied.push(`- { serial: "${serialOf(person)}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`);
    return writeFile(denyList, denied.join(""));
  };
  await writeFile(denyList, "[]\n");
  const people = (count: number) => Promise.all(Array.from({ length: count }, () => issue("Test Subject")));
  const [gone, here] = [await people(5), await people(5)];
  await writeFile(crl, longList(root, 1, 1, [serialOf(await issue("Mallory"))]));
  const gateway = await startGateway(
    t,
    gatewayConfig(authority, backend.port, {
      clients: { revocation: [{ crl }, { denyList }] },
      metrics: { port: 0 },
    }),
  );
  const { port, pid } = gateway;
  const metrics = await metricsPortOf(gateway);
  const memory = async (figure: "VmRSS" | "VmHWM") => {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return (Number(new RegExp(`${figure}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / megabyte;
  };
  const verdict = async (person: Identity) => (await outcomeAt(port, "localhost", person)).verdict;
  const verdictsAre = async (wanted: (person: Identity) => number | string) => {
    for (const person of [...gone, ...here]) assert.equal(await verdict(person), wanted(person));
  };
  await verdictsAre(() => 200);

  const warmUp = askAgainAndAgain(port, grace);
  await delay(2_000);
  const usual = await warmUp();
  t.diagnostic(`without a list: ${usual.answers} answers, the slowest after ${usual.slowest.toFixed()} ms`);
  let held = await memory("VmRSS");
  const before = held;
  /** The next list is renamed into place, and everybody goes on asking until it is in force. */
  const replace = async (number: number, serials: readonly string[]) => {
    const list = longList(root, number, million, serials);
    await writeFile(`${crl}.new`, list);
    const victim = await issue("Mallory");
    await delay(500);
    const load = askAgainAndAgain(port, grace);
    t.after(load);
    await delay(1_000);
    const series = `sallyport_revocation_list_this_update_timestamp_seconds{name="crl ${crl}"}`;
    const old = (await scrape(metrics))(series);
    const start = performance.now();
    await rename(`${crl}.new`, crl);
    // When it is being read: whoever is denied now must not have to wait for that.
    await delay(700);
    await deny(victim);
    const isDenied = async () => (await verdict(victim)) === "certificate-revoked";
    await waitUntil(isDenied, () => "who is denied meanwhile is still let in", 2_500, 100);
    await waitUntil(
      async () => (await scrape(metrics))(series) > old,
      () => "the list is not in force",
      30_000,
      300,
    );
    const taken = performance.now() - start;
    await delay(1_000);
    const { answers, slowest, failures } = await load();
    t.diagnostic(
      `list ${number}, ${(list.length / megabyte).toFixed()} MB: in force after ${taken.toFixed()} ms; ${answers} answers meanwhile, the slowest after ${slowest.toFixed()} ms`,
    );
    assert.deepEqual(failures, []);
    assert.ok(answers > 100, "hardly anybody has asked: this test sees nothing");
    // A machine that is busy with other things stalls everybody, and takes as much longer to read the list.
    const limit = Math.max(longestAnswer, 3 * usual.slowest, taken / 6);
    assert.ok(slowest < limit, `somebody had to wait for ${slowest} ms`);
    assert.equal((await scrape(metrics))(`sallyport_revocation_list_entries{name="crl ${crl}"}`), million);
  };
  const settled = async () => {
    await waitUntil(
      async () => (held = await memory("VmRSS")) < before + 100,
      () => `holds ${held.toFixed()} MB, ${before.toFixed()} MB before`,
      20_000,
    );
    t.diagnostic(
      `memory: ${before.toFixed()} MB before, ${held.toFixed()} MB held, ${(await memory("VmHWM")).toFixed()} MB at most`,
    );
  };

  await t.test("read while requests go on", () => replace(2, gone.map(serialOf)));
  await t.test("who is on it is refused, and nobody else", () =>
    verdictsAre((person) => (gone.includes(person) ? "certificate-revoked" : 200)),
  );
  await t.test("what it holds is bounded", settled);
  await t.test("the next one takes its place in the same way", () =>
    replace(3, [...gone, ...here].map(serialOf)),
  );
  await t.test("who is on the next one is refused", () => verdictsAre(() => "certificate-revoked"));
  await t.test("and nothing is left of the one before", settled);
  assert.equal(gateway.stderr(), "");
});

/** Four connections, kept alive, each asking again as soon as it is answered; and one client that comes anew each time. */
function askAgainAndAgain(port: number, identity: Identity) {
  let [over, answers, slowest] = [false, 0, 0];
  const failures: string[] = [];
  const exchange = (agent: Agent) =>
    new Promise<void>((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path: "/flask/", agent, timeout: 10_000 });
      asked.on("error", reject).on("timeout", () => asked.destroy(new Error("no answer")));
      asked.on("response", (response) => {
        if (response.statusCode !== 200) failures.push(String(response.statusCode));
        response.resume().on("end", resolve).on("error", reject);
      });
      asked.end();
    });
  const work = [true, true, true, true, false].map(async (keepAlive) => {
    const agent = new Agent({ ...identity, keepAlive, maxSockets: 1, rejectUnauthorized: false });
    while (!over) {
      const start = performance.now();
      await exchange(agent).catch((error: unknown) => failures.push(String(error)));
      slowest = Math.max(slowest, performance.now() - start);
      answers += 1;
      await delay(5);
    }
    agent.destroy();
  });
  return async () => {
    over = true;
    await Promise.all(work);
    return { answers, slowest, failures };
  };
}
