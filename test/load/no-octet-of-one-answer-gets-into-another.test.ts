import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

/** More than the kernels between them hold: the gateway has to keep some of it. */
const size = 9_000_000;
const rounds = 2;
const side = 12;

test("no octet of one answer gets into another, however many there are at once", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = createServer((request, response) => {
    const body = Buffer.alloc(size, Number(request.url?.slice(1)));
    if (Number(request.url?.slice(1)) % 2 === 0) response.setHeader("Content-Length", size);
    for (let at = 0; at < size; at += 100_000) response.write(body.subarray(at, at + 100_000));
    response.end();
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  t.after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  const config = gatewayConfig(authority, (backend.address() as AddressInfo).port);
  for (const mode of ["mutual", "http"] as const) {
    await t.test(mode, async (inner) => {
      const plain = { tls: undefined, clients: undefined };
      const gateway = await startGateway(inner, {
        ...config,
        listen: [{ host: "127.0.0.1", port: 0, mode }],
        ...(mode === "http" && plain),
        log: { access: false },
      });
      const options = { host: "127.0.0.1", port: gateway.port, agent: false, rejectUnauthorized: false };
      const download = async (mark: number) => {
        const path = `/flask/${mark}`;
        const sent = mode === "http" ? requestHttp({ ...options, agent: undefined, path }) : requestHttps({ ...options, ...authority.grace, path });
        sent.on("error", () => undefined).end();
        const [answer] = (await once(sent, "response")) as [IncomingMessage];
        answer.on("error", () => undefined);
        let octets = 0;
        if (mark % 3 === 0) await sleep(300); // a slow reader: all the others go on
        try {
          for await (const piece of answer as AsyncIterable<Buffer>) {
            assert.ok(piece.every((octet) => octet === mark), `octets of another answer in that of ${mark}`);
            octets += piece.length;
            if (mark % 7 === 0 && octets > size / 2) return; // one who leaves
          }
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
        }
        assert.equal(octets, size, `${mark}`);
      };
      for (let round = 0; round < rounds; round += 1)
        await Promise.all(Array.from({ length: side }, (_, at) => download(1 + round * side + at)));
      assert.equal(gateway.stderr(), "");
    });
  }
}); // prettier-ignore
