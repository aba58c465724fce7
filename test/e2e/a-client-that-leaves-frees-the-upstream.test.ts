import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend, type RecordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

async function allClosed(backend: RecordingBackend, limit: number): Promise<boolean> {
  const end = performance.now() + limit;
  while (performance.now() < end) {
    if (backend.connections.every((connection) => !connection.open())) return true;
    await delay(10);
  }
  return false;
}

test("a client that leaves frees the upstream within a second", { timeout: 20_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const cases: readonly (readonly [name: string, bytes: string, respond: Respond])[] = [
    ["while the upstream is silent", get, () => undefined],
    ["in the middle of a download", get, () => "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbeginning"],
    ["in the middle of an event stream", get, () => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevent\r\n"],
    ["in the middle of an upload", "POST /flask/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nbeginning", () => undefined],
    ["in the middle of a chunk", "POST /flask/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nbeginning", () => undefined],
    ["before the answer to an upgrade", "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", () => undefined],
  ]; // prettier-ignore
  let respond: Respond = () => undefined;
  const backend = await recordingBackend(t, (request, socket) => respond(request, socket));
  const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
  for (const [name, bytes, answer] of cases) {
    await t.test(name, async () => {
      backend.forget();
      respond = answer;
      const clients = await Promise.all(
        Array.from({ length: 10 }, () => connectRaw({ port, identity: authority.grace })),
      );
      for (const client of clients) client.send(bytes);
      while (backend.connections.filter((connection) => connection.bytes().length > 0).length < 10)
        await delay(10);
      await delay(50);
      for (const client of clients) client.close();
      assert.ok(await allClosed(backend, 1000), "upstream connections are still open");
    });
  }
});
