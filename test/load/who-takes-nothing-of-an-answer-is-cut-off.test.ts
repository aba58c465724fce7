import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { connect } from "node:tls";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const first = 2_400_000;
const step = 30_000;
const many = 100;

test("who takes nothing of an answer is cut off, however much of it is left", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = createServer((request, response) => {
    response.end(Buffer.alloc(Number(request.url?.slice(1)), "x"));
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  t.after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  const { port } = backend.address() as AddressInfo;
  const gateway = await startGateway(t, gatewayConfig(authority, port, { route: { timeouts: { idle: "1s" } } }));
  // How much the kernels between them hold nobody knows: of so many sizes, a few end within what the gateway itself
  // holds, nearly always: the figures say whether they did.
  const sizes = Array.from({ length: many }, (_, at) => first + at * step);
  const clients = await Promise.all(
    sizes.map(async (size) => {
      const options = { host: "127.0.0.1", port: gateway.port, ...authority.grace, rejectUnauthorized: false };
      const client = connect(options).on("error", () => undefined);
      await once(client, "secureConnect");
      client.pause();
      client.write(`GET /flask/${size} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      return client;
    }),
  );
  const logged = () => gateway.log.filter(({ path }) => path !== undefined);
  await waitUntil(() => logged().length === many, () => `${logged().length} of ${many} have come to an end`, 20_000);
  const codes = new Map<unknown, number>();
  for (const { code } of logged()) codes.set(code, (codes.get(code) ?? 0) + 1);
  t.diagnostic(JSON.stringify([...codes]));
  for (const client of clients) client.destroy();
}); // prettier-ignore
