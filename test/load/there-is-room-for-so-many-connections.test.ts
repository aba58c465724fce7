/** Who comes beyond the limit is told so, who comes far beyond is dropped, and whoever is here notices nothing. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const limit = 20;
/** A tenth of the limit: for those who are told. */
const reserve = 2;
const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

test("there is room for so many connections, and who is here keeps theirs", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const options = { listen: { connections: limit }, metrics: { port: 0 } };
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port, options));
  const metrics = await metricsPortOf(gateway);
  const grace = { port: gateway.port, identity: authority.grace };
  const openNow = async () => (await scrape(metrics))("sallyport_connections_open");
  const thereAre = (count: number) => waitUntil(async () => (await openNow()) === count, () => `there never were ${count} connections`);
  const isServed = async (client: Awaited<ReturnType<typeof connectRaw>>, times: number) => {
    client.send(get);
    assert.equal((await client.awaitAnswers(times)).at(-1)?.status, 200);
  };

  const here = await connectRaw(grace);
  await isServed(here, 1);
  const silent: Socket[] = [];
  const crowd = async (size: number) => {
    for (let count = silent.length; count < size; count += 1) silent.push(connect(gateway.port, "127.0.0.1").on("error", () => undefined));
    await Promise.all(silent.filter(({ connecting }) => connecting).map((socket) => once(socket, "connect")));
  };
  t.after(() => {
    for (const socket of silent) socket.destroy();
  });
  await crowd(limit - 2);
  await thereAre(limit - 1);

  await t.test("the last one that there is room for is served", async () => {
    const last = await connectRaw(grace);
    await isServed(last, 1);
    last.close();
    await thereAre(limit - 1);
  });

  await crowd(limit - 1);
  await thereAre(limit);
  await t.test("the next one is told that there is none, and its connection ends", async () => {
    const { requests } = backend;
    const before = requests().length;
    for (const [lines, type] of [[[], "application/problem+json"], [["Accept: text/html"], "text/html; charset=utf-8"]] as const) {
      const client = await connectRaw(grace);
      client.send(`${["POST /flask/ HTTP/1.1", "Host: localhost", "Content-Length: 2", ...lines].join("\r\n")}\r\n\r\nab${get}`);
      const [answer] = await client.awaitAnswers(1, "POST");
      assert.deepEqual([answer?.status, answer?.header("content-type"), answer?.header("connection")], [503, type, "close"]);
      assert.match(answer?.header("retry-after") ?? "", /^\d+$/);
      assert.match(answer?.text ?? "", /gateway-busy/);
      await waitUntil(client.ended, () => "its connection stays open");
    }
    const socket = await connectRaw(grace);
    socket.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
    assert.equal((await socket.awaitAnswers(1))[0]?.status, 503);
    assert.equal(requests().length, before, "nothing of theirs arrived");
    await isServed(here, 2);
    const { status, code } = await gateway.logged((line) => line["code"] === "gateway-busy");
    assert.deepEqual([status, code], [503, "gateway-busy"]);
    assert.equal((await scrape(metrics))('sallyport_refusals_total{code="gateway-busy"}'), 3);
    await thereAre(limit);
  });

  await t.test("one that waits until there is room is served", async () => {
    const waiting = await connectRaw(grace);
    silent.pop()?.destroy();
    await thereAre(limit);
    await isServed(waiting, 1);
    await isServed(waiting, 2);
    waiting.close();
    await thereAre(limit - 1);
  });

  await t.test("beyond the reserve a connection is dropped at once, which is counted and said once", async () => {
    await crowd(limit + reserve - 1);
    await thereAre(limit + reserve);
    for (let count = 0; count < 5; count += 1) {
      const dropped = connect(gateway.port, "127.0.0.1").on("error", () => undefined).resume();
      await once(dropped, "close", { signal: AbortSignal.timeout(2_500) });
    }
    assert.equal((await scrape(metrics))("sallyport_connections_dropped_total"), 5);
    assert.equal(gateway.log.filter(({ msg }) => String(msg).startsWith("connections dropped")).length, 1);
    assert.equal(await openNow(), limit + reserve);
    await isServed(here, 3);
  });

  await t.test("when the crowd has left, everybody is served again", async () => {
    for (const socket of silent) socket.destroy();
    await thereAre(1);
    assert.equal((await ask(grace)).status, 200);
    await isServed(here, 4);
    assert.equal(gateway.stderr(), "");
  });
}); // prettier-ignore
