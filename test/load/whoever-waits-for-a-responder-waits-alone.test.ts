import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { livelyBackend } from "../support/lively-backend.ts";
import { outcomeAt } from "../support/outcome-at.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { scriptedResponder } from "../support/scripted-responder.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webSocketHandshake } from "../support/web-socket-octets.ts";

const unavailable = "revocation-unavailable";
const slow = 500;
/** Five seconds are promised; a busy machine gets more. */
const longestWait = 7_000;
const request = (method: string, path: string, more = "") =>
  `${method} /flask/${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;

test("whoever waits for a responder waits alone, and loses nothing", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, grace, issue } = authority;
  const backend = await recordingBackend(t, ({ target, body }) => {
    const text = `${target} ${body.toString()}`;
    return `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  });
  const lively = await livelyBackend(t);
  const responder = await scriptedResponder(t, root);
  const { routes, ...config } = gatewayConfig(authority, backend.port, {
    ...{ clients: { revocation: [{ ocsp: responder.url }] }, metrics: { port: 0 } },
  });
  const live = { prefix: "/live/", upstream: `http://127.0.0.1:${lively.port}/` };
  const gateway = await startGateway(t, { ...config, routes: [...(routes as object[]), live] });
  const metrics = await metricsPortOf(gateway);
  const { port } = gateway;
  const isAsked = (person: Identity) =>
    waitUntil(
      () => responder.asked(serialOf(person)) > 0,
      () => "nobody asked about her",
    );
  assert.equal((await outcomeAt(port, "localhost", grace)).verdict, 200);
  responder.delay = slow;

  await t.test("others are not delayed: neither who is known, nor who has no certificate", async () => {
    const newcomer = await issue("Test Subject");
    let over = false;
    const waiting = outcomeAt(port, "localhost", newcomer).finally(() => (over = true));
    await isAsked(newcomer);
    assert.equal((await outcomeAt(port, "localhost", grace)).verdict, 200);
    assert.ok(!over, "Grace had to wait for somebody else's answer");
    assert.equal((await waiting).verdict, 200);
  });

  await t.test("ten requests of one person wait for one answer", async () => {
    const person = await issue("Test Subject");
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => outcomeAt(port, "localhost", person)),
    );
    assert.deepEqual(new Set(outcomes.map(({ verdict }) => verdict)), new Set([200]));
    assert.equal(responder.asked(serialOf(person)), 1);
  });

  await t.test("requests on one connection stay in order, and whole", async () => {
    backend.forget();
    const client = await connectRaw({ port, identity: await issue("Test Subject") });
    const content = "x".repeat(70_000);
    client.send(request("GET", "1"));
    client.send(request("POST", "2", "Content-Length: 70000\r\n") + content);
    client.send(
      request("PUT", "3", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n" + request("GET", "4"),
    );
    const answers = await client.awaitAnswers(4);
    client.close();
    assert.deepEqual(
      answers.map(({ text }) => text),
      ["/1 ", `/2 ${content}`, "/3 abc", "/4 "],
    );
    assert.equal(backend.requests().length, 4);
    assert.deepEqual(backend.leftovers(), []);
  });

  await t.test("Expect: 100-continue: nothing is asked for before it is known", async () => {
    const client = await connectRaw({ port, identity: await issue("Test Subject") });
    client.send(request("POST", "upload", "Content-Length: 3\r\nExpect: 100-continue\r\n"));
    await delay(slow / 2);
    assert.equal(client.received().length, 0);
    await waitUntil(
      () => client.received().includes("100 Continue"),
      () => "no 100 Continue",
    );
    client.send("abc");
    assert.equal((await client.awaitAnswers(1))[0]?.text, "/upload abc");
    client.close();
  });

  await t.test("a WebSocket opens when it is known, and what was sent early arrives", async () => {
    const socket = new WebSocket(`wss://localhost:${port}/live/ws`, {
      ...(await issue("Test Subject")),
      rejectUnauthorized: false,
    });
    await once(socket, "open");
    await once(socket, "message");
    socket.terminate();
    const client = await connectRaw({ port, identity: await issue("Test Subject") });
    client.send(`${webSocketHandshake("/live/raw")}early`);
    await waitUntil(
      () => client.received().includes("octets"),
      () => client.received().toString("latin1"),
    );
    assert.match(client.received().toString("latin1"), /^HTTP\/1\.1 101 /);
    client.close();
  });

  await t.test("whoever leaves meanwhile leaves nothing behind", async () => {
    backend.forget();
    const open = async () => (await scrape(metrics))("sallyport_connections_open");
    const before = lively.requestsOf("CN=Leaving Subject,ST=Virginia,C=US");
    const octets = [request("GET", ""), webSocketHandshake("/live/raw"), request("POST", "", "Content-Length: 9\r\n") + "abc",
      request("POST", "", "Content-Length: 3\r\nExpect: 100-continue\r\n")]; // prettier-ignore
    for (const sent of octets) {
      const person = await issue("Leaving Subject");
      const client = await connectRaw({ port, identity: person });
      client.send(sent);
      await isAsked(person);
      client.close();
    }
    await waitUntil(
      async () => (await open()) === 0,
      () => "connections stay open",
      slow + 2_000,
    );
    await delay(slow);
    assert.equal(backend.requests().length, 0);
    assert.equal(backend.bytes().length, 0);
    assert.equal(lively.requestsOf("CN=Leaving Subject,ST=Virginia,C=US"), before);
    assert.deepEqual(lively.openFor("CN=Leaving Subject,ST=Virginia,C=US"), []);
  });

  await t.test("a revoked one learns so after the wait, and nothing has passed", async () => {
    backend.forget();
    const mallory = await issue("Mallory");
    responder.revoked.add(serialOf(mallory));
    const client = await connectRaw({ port, identity: mallory });
    client.send(request("POST", "", "Content-Length: 3\r\nExpect: 100-continue\r\n"));
    const [answer] = await client.awaitAnswers(1);
    assert.match(answer?.text ?? "", /certificate-revoked/);
    assert.ok(!client.received().includes("100 Continue"));
    const upgrade = await connectRaw({ port, identity: mallory });
    upgrade.send(webSocketHandshake("/flask/"));
    assert.match((await upgrade.awaitAnswers(1))[0]?.text ?? "", /certificate-revoked/);
    assert.equal(backend.bytes().length, 0);
    client.close();
    upgrade.close();
  });

  await t.test("nobody waits longer than is promised", async () => {
    responder.delay = Infinity;
    const start = performance.now();
    const person = await issue("Test Subject");
    const client = await connectRaw({ port, identity: person });
    t.after(client.close);
    client.send(request("GET", ""));
    await isAsked(person);
    assert.equal((await outcomeAt(port, "localhost", grace)).verdict, 200);
    await waitUntil(
      () => client.answers().length > 0,
      () => "no answer",
      longestWait,
    );
    assert.match(client.answers()[0]?.text ?? "", new RegExp(unavailable));
    const told = performance.now();
    assert.ok(told - start > 1_000, "it was given no time at all");
    assert.equal((await outcomeAt(port, "localhost", await issue("Test Subject"))).verdict, unavailable);
    assert.ok(performance.now() - told < 2_000, "everybody waits for a responder that is known to be silent");
  });
  assert.equal(gateway.stderr(), "");
});
