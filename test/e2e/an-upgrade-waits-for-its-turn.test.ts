import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

test("an upgrade behind a request that is not answered yet waits for its turn", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, (request, socket) => {
    if (request.target === "/quick") return okAnswer;
    if (request.target !== "/slow") return acceptWebSocket(request, socket);
    setTimeout(() => socket.write(okAnswer), 150);
    return undefined;
  });
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const connect = () => connectRaw({ port: gateway.port, identity: authority.grace });
  const slow = "GET /flask/slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const quick = slow.replace("slow", "quick");

  await t.test("a WebSocket opens after the answer", async () => {
    const client = await connect();
    client.send(slow + slow + webSocketHandshake("/flask/socket"));
    await client.settle(600);
    const lines = client.received().toString("latin1").match(/HTTP\/1\.1 .*/g);
    assert.deepEqual(lines?.map((line) => line.slice(9, 12)), ["200", "200", "101"]);
    client.close();
  });
  await t.test("one that is refused is refused after the answer", async () => {
    const client = await connect();
    client.send(`${slow}GET /flask/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
    const answers = await client.awaitAnswers(2);
    assert.deepEqual(answers.map(({ status }) => status), [200, 400]);
    client.close();
  });
  await t.test("so is one behind a request that is refused itself", async () => {
    for (const first of ["GET /flask/ HTTP/1.1\r\n\r\n", "GET /flask/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET /flask/../ HTTP/1.1\r\nHost: localhost\r\n\r\n", "POST /flask/ HTTP/1.1\r\nHost: localhost\r\nExpect: x\r\nContent-Length: 0\r\n\r\n"]) {
      const client = await connect();
      client.send(first + webSocketHandshake("/flask/socket"));
      const [refused] = await client.awaitAnswers(1);
      assert.ok((refused?.status ?? 0) >= 400, first);
      await client.settle(200);
      client.close();
      assert.equal(gateway.stderr(), "");
    }
  });
  await t.test("CONNECT too", async () => {
    const client = await connect();
    client.send(`${slow}CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const answers = await client.awaitAnswers(2);
    assert.equal(answers[0]?.status, 200);
    assert.ok((answers[1]?.status ?? 0) >= 400);
    client.close();
  });
  await t.test("a client that leaves before its turn leaves nothing behind", async () => {
    for (let count = 0; count < 10; count += 1) {
      const client = await connect();
      client.send(slow + quick + quick + webSocketHandshake("/flask/socket"));
      await sleep(20);
      client.close();
    }
    // What had been answered and was not its turn yet is over as well, and written down.
    const written = () => gateway.log.filter(({ path }) => path === "/flask/quick");
    await waitUntil(() => written().length === 20, () => `${written().length} of 20 are over`);
    assert.deepEqual([...new Set(written().map(({ status }) => status))], [499], "nobody was told");
    // Whatever is still under way is looked at every half second.
    await sleep(600);
    const client = await connect();
    client.send(slow);
    assert.equal((await client.awaitAnswers(1))[0]?.status, 200);
    client.close();
    assert.equal(gateway.stderr(), "");
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []);
  });
}); // prettier-ignore
