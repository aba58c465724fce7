import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { footprintOf } from "../support/footprint.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { closeOf, messageOf, webSocketBackend, webSocketTo, type Client } from "../support/web-sockets.ts";

const KiB = 1 << 10;
const MiB = 1 << 20;
const linux = process.platform === "linux";

test("a WebSocket crosses unchanged", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await webSocketBackend(t, {
    perMessageDeflate: true,
    maxPayload: 16 * MiB,
    handleProtocols: (offered) => (offered.has("journal.v1") ? "journal.v1" : false),
    verifyClient: ({ req }, answer) => {
      if (req.url === "/refused") answer(false, 403, "this room is full", { "X-Room": "full" });
      else answer(true);
    },
  }); // prettier-ignore
  const greeting = await webSocketBackend(t, {}, "welcome");
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const config = gatewayConfig(authority, backend.port, { clients: { presence: "required" } });
  const gateway = await startGateway(t, {
    ...config,
    routes: [
      { prefix: "/flask/", upstream },
      { prefix: "/hasty/", upstream, timeouts: { firstByte: "300ms", idle: "300ms" } },
      { prefix: "/greeting/", upstream: `http://127.0.0.1:${greeting.port}/` },
    ],
  });
  const connect = (more: Client = {}) => webSocketTo(t, gateway.port, authority.grace, more);
  /** Both ends of one WebSocket. */
  const open = async (more: Client = {}) => {
    const client = connect(more);
    const [{ socket: server, request }] = await Promise.all([backend.next(), once(client, "open")]);
    return { client, server, request };
  };

  await t.test("text and octets of any size, both ways", async () => {
    const { client, server } = await open({ perMessageDeflate: false });
    for (const [from, to] of [[client, server], [server, client]] as const) {
      // the lengths at which the frame's own length is written another way, and some that no buffer holds as a whole
      for (const size of [0, 1, 125, 126, 65_535, 65_536, MiB, 2 * MiB + 1]) {
        const octets = randomBytes(size);
        for (const sent of [octets, octets.toString("base64")]) {
          const received = messageOf(to);
          from.send(sent);
          const { data, isBinary } = await received;
          assert.equal(isBinary, typeof sent !== "string");
          assert.ok(data.equals(Buffer.from(sent as string)), `${size} octets`);
        }
      }
    }
    client.terminate();
  }); // prettier-ignore

  await t.test("a message in fragments, with a ping between two of them", async () => {
    const { client, server } = await open({ perMessageDeflate: false });
    for (const [from, to] of [[client, server], [server, client]] as const) {
      const seen: string[] = [];
      to.on("ping", (data: Buffer) => seen.push(`ping ${data.toString()}`));
      from.on("pong", (data: Buffer) => seen.push(`pong ${data.toString()}`));
      const received = messageOf(to);
      from.send("Grace ", { fin: false });
      await sleep(20); // each fragment by itself
      from.ping("between");
      from.send("Hop", { fin: false });
      await waitUntil(() => seen.length === 2, () => `only ${seen.join()}`);
      assert.deepEqual(seen, ["ping between", "pong between"], "answered before the message is whole");
      from.send("per", { fin: true });
      assert.equal((await received).data.toString(), "Grace Hopper");
    }
    client.terminate();
  }); // prettier-ignore

  await t.test("each end's reason for closing", async () => {
    for (const [code, reason] of [[1000, ""], [1001, "the lid is closed"], [3000, "é".repeat(61)], [4999, "bye"]] as const) {
      for (const begins of ["client", "server"] as const) {
        const both = await open();
        const closed = Promise.all([closeOf(both.client), closeOf(both.server)]);
        both[begins].close(code, reason);
        assert.deepEqual(await closed, [[code, reason], [code, reason]], begins);
      }
    }
  }); // prettier-ignore

  await t.test("an end without a reason is one on the other side", async () => {
    for (const begins of ["client", "server"] as const) {
      const both = await open();
      const closed = Promise.all([closeOf(both.client), closeOf(both.server)]);
      both[begins].terminate();
      assert.deepEqual(await closed, [[1006, ""], [1006, ""]], begins); // prettier-ignore
    }
  });

  await t.test("compression is agreed upon by the two ends, and works", async () => {
    const { client, server } = await open({ path: "/flask/compressed" });
    assert.deepEqual([client.extensions, server.extensions], ["permessage-deflate", "permessage-deflate"]);
    const sent = "Sallyport ".repeat(100_000);
    const received = messageOf(client);
    server.send(sent);
    assert.ok((await received).data.equals(Buffer.from(sent)));
    client.close();
    const { bytes } = await gateway.logged(({ path }) => path === "/flask/compressed");
    assert.ok(Number(bytes) < 100 * KiB, `${String(bytes)} octets for a megabyte`);
  });

  await t.test("the subprotocol is the one that the backend chose", async () => {
    const { client, request } = await open({ protocols: ["journal.v2", "journal.v1"] });
    assert.equal(request.headers["sec-websocket-protocol"], "journal.v2,journal.v1");
    assert.equal(client.protocol, "journal.v1");
    assert.equal(request.headers["ssl_client_s_dn"], graceSubject);
    client.terminate();
  });

  await t.test("what the backend says in the same breath as its 101", async () => {
    const client = connect({ path: "/greeting/" });
    assert.equal((await messageOf(client)).data.toString(), "welcome");
    client.terminate();
  });

  await t.test("it may be silent for longer than an answer may", async () => {
    const { client, server } = await open({ path: "/hasty/" });
    await sleep(900);
    const received = messageOf(server);
    client.send("still there");
    assert.equal((await received).data.toString(), "still there");
    client.terminate();
  });

  await t.test("twenty at once: each has its own", async () => {
    const all = [];
    for (let at = 0; at < 20; at += 1) all.push(await open());
    const received = Promise.all(all.map(({ client }) => messageOf(client)));
    for (const [at, { server }] of all.entries()) server.send(`number ${at}`);
    assert.deepEqual((await received).map(({ data }) => data.toString()), all.map((_, at) => `number ${at}`));
    for (const { client } of all) client.terminate();
  }); // prettier-ignore

  /** @param identity nobody's, if there is none */
  const refused = async (path: string, identity = true) => {
    const client = webSocketTo(t, gateway.port, identity ? authority.grace : undefined, { path });
    const [, answer] = (await once(client, "unexpected-response")) as [unknown, IncomingMessage];
    return { answer, body: await text(answer) };
  };
  await t.test("the backend's no is passed on as it is", async () => {
    const { answer, body } = await refused("/flask/refused");
    assert.deepEqual([answer.statusCode, answer.headers["x-room"], body], [403, "full", "this room is full"]);
  });
  await t.test("without a certificate: our no, and the backend is not asked", async () => {
    const before = backend.asked();
    const { answer, body } = await refused("/flask/", false);
    assert.equal(answer.statusCode, 403);
    assert.match(body, /certificate-missing/);
    assert.equal(backend.asked(), before);
  });

  await t.test("whoever does not read holds the other end back, and nobody else holds the octets", { skip: !linux }, async () => {
    const message = randomBytes(256 * KiB);
    const count = 128;
    for (const slow of ["client", "server"] as const) {
      const both = await open({ perMessageDeflate: false });
      const [from, to] = slow === "client" ? [both.server, both.client] : [both.client, both.server];
      const before = footprintOf(gateway.pid).memory;
      to.pause();
      let sent = 0;
      let received = 0;
      to.on("message", (data: Buffer) => {
        received += data.readUInt32BE() === received && data.subarray(4).equals(message) ? 1 : NaN;
      });
      const pump = (async () => {
        const number = Buffer.alloc(4);
        for (; sent < count; sent += 1) {
          number.writeUInt32BE(sent);
          await new Promise<void>((resolve, reject) => {
            from.send(Buffer.concat([number, message]), (error) => { if (error) reject(error); else resolve(); });
          });
        }
      })();
      let last = -1;
      await waitUntil(() => sent === last || ((last = sent), false), () => "it never stalls", 10_000, 300);
      const held = (footprintOf(gateway.pid).memory - before) / MiB;
      t.diagnostic(`${slow} slow: ${sent} of ${count} sent, ${held.toFixed(1)} MiB more in the gateway`);
      assert.ok(sent < count, "the other end was not held back");
      assert.ok(held < 12, `${held} MiB in the gateway`);
      to.resume();
      await pump;
      await waitUntil(() => received === count, () => `${received} of ${count} in order`, 10_000);
      both.client.terminate();
    }
  }); // prettier-ignore

  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.equal(gateway.stderr(), "");
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []); // prettier-ignore
  });
});
