import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../support/ask.ts";
import { bulkBackend } from "../support/bulk-backend.ts";
import { footprintOf } from "../support/footprint.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { worker } from "../support/shared-work.ts";
import { steadyLoad } from "../support/steady-load.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import {
  aborts,
  floods,
  restarts,
  slowReaders,
  slowWriters,
  type Trouble,
} from "../support/troublemakers.ts";
import { waitUntil } from "../support/wait-until.ts";

const MiB = 1 << 20;
const linux = process.platform === "linux";

async function start(t: TestContext) {
  const authority = await createTestAuthority(t);
  const backend = await bulkBackend(t);
  const restarting = await worker(t, "restarting");
  const standing = await worker(t, "standing");
  const target = `http://127.0.0.1:${backend.port}/`;
  const gateway = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/flask/", upstream: target },
      // A client that leaves while its octets are stuck before an upstream that reads none cannot be seen to leave: only
      // the time-out frees what it held.
      { prefix: "/trouble/", upstream: target, timeouts: { firstByte: "4s" } },
      { prefix: "/restarting/", upstream: { targets: [restarting.target, standing.target] } },
    ],
    log: { access: false },
  });
  return { restarting, gateway, victim: { port: gateway.port, identity: authority.grace } };
}

test("what some clients and upstreams do is nobody else's trouble, and leaves nothing behind", { timeout: 60_000, skip: !linux }, async (t) => {
  const { restarting, gateway, victim } = await start(t);
  const honestly = async (milliseconds: number) => {
    const load = steadyLoad(victim.port, victim.identity);
    await sleep(milliseconds);
    await load.stop();
    return load;
  };
  const statuses = new Map<number, number>();
  const troubles = async (): Promise<Trouble[]> => [
    aborts(victim, "/trouble/bulk", "/trouble/silent"),
    await slowReaders(victim, 10, "/trouble/bulk"),
    await slowWriters(victim, 10, "/trouble/echo"),
    await floods(victim, 5, "/trouble/silent"),
    restarts(restarting, async () => {
      const { status } = await ask(victim, { path: "/restarting/" });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }),
  ];
  const stop = (all: readonly Trouble[]) => Promise.all(all.map((each) => each.stop()));
  /** Everything once, so that what is only made ready for the first time does not count as left behind. */
  const warm = await troubles();
  await honestly(1_000);
  await stop(warm);
  await sleep(1_500); // a second is what they have to be let go of
    const before = footprintOf(gateway.pid);

  const all = await troubles();
  const load = await honestly(4_000);
  const during = footprintOf(gateway.pid);
  const made = all.map((each) => each.made());
  await stop(all);

  assert.deepEqual(load.failures, [], "honest requests suffered");
  assert.ok(load.served() > 40, `${load.served()} honest requests`);
  assert.ok((made[0] ?? 0) > 20 && (made[4] ?? 0) > 3, `trouble was made ${made.join(", ")} times`);
  // Whoever was with the target when it went down has lost; whoever came then has not noticed.
  const lost = [...statuses].filter(([status]) => status !== 200).reduce((sum, [, count]) => sum + count, 0); // prettier-ignore
  assert.ok(lost <= 2 * (made[4] ?? 0), `${JSON.stringify([...statuses])} at ${made[4] ?? 0} restarts`);
  await waitUntil(
    () => footprintOf(gateway.pid).descriptors <= before.descriptors + 4,
    () => `${footprintOf(gateway.pid).descriptors} descriptors, ${before.descriptors} before`,
    10_000, // pooled connections are closed when nobody has used them for a while
  );
  await honestly(500);
  const after = footprintOf(gateway.pid);
  t.diagnostic(`${load.served()} honest requests, trouble made ${made.join(", ")} times, ${JSON.stringify([...statuses])}`);
  t.diagnostic(`descriptors ${before.descriptors} -> ${during.descriptors} -> ${after.descriptors}; MiB ${[before, during, after].map(({ memory }) => Math.round(memory / MiB)).join(" -> ")}`);
  assert.ok(after.memory - before.memory < 64 * MiB, `${(after.memory - before.memory) / MiB} MiB more than before`);
  assert.equal(gateway.stderr(), "");
  assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []);
}); // prettier-ignore

test("an exchange holds 4 MB at most, in both directions", { timeout: 60_000, skip: !linux }, async (t) => {
  const { gateway, victim } = await start(t);
  await ask(victim, { path: "/restarting/" });
  const many = 48;
  for (const [direction, begin] of Object.entries({
    "a download that nobody reads": () => slowReaders(victim, many, "/trouble/bulk"),
    "an upload that nobody reads": () => floods(victim, many, "/trouble/silent"),
  })) {
    await t.test(direction, async () => {
      const before = footprintOf(gateway.pid).memory;
      const trouble = await begin();
      let most = 0;
      for (let count = 0; count < 20; count += 1) {
        await sleep(100);
        most = Math.max(most, footprintOf(gateway.pid).memory);
      }
      assert.equal(trouble.made(), many, "they are still there");
      const each = (most - before) / many / MiB;
      t.diagnostic(`${each.toFixed(2)} MiB for each of ${many}`);
      assert.ok(each < 4, `${each} MiB for each exchange`);
      await trouble.stop();
    });
  }
});
