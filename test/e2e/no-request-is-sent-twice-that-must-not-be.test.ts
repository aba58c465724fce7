import assert from "node:assert/strict";
import { test } from "node:test";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

function head(method: string, path: string, lines = ""): string {
  return `${method} /flask${path} HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n`;
}

/** The backend closes the pooled connection in the moment the next request arrives on it: nobody knows whether it was read. */
test(
  "no request is sent twice that must not be: a pooled connection has gone stale",
  { timeout: 20_000 },
  async (t) => {
    const authority = await createTestAuthority(t);
    const handled = new Map<object, number>();
    const backend = await recordingBackend(t, (_, socket) => {
      const count = (handled.get(socket) ?? 0) + 1;
      handled.set(socket, count);
      if (count === 1) return okAnswer;
      socket.destroy();
      return undefined;
    });
    const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
    const cases: readonly (readonly [method: string, bytes: string, status: number, sent: number])[] = [
      ["GET", head("GET", "/second"), 200, 2],
      ["HEAD", head("HEAD", "/second"), 200, 2],
      ["OPTIONS", head("OPTIONS", "/second"), 200, 2],
      ["POST", `${head("POST", "/second", "Content-Length: 2\r\n")}hi`, 502, 1],
      ["POST", head("POST", "/second", "Content-Length: 0\r\n"), 502, 1],
      ["PATCH", head("PATCH", "/second"), 502, 1],
      ["POST", `${head("POST", "/second", "Transfer-Encoding: chunked\r\n")}2\r\nhi\r\n0\r\n\r\n`, 502, 1],
    ];
    for (const [method, bytes, status, sent] of cases) {
      await t.test(
        `${JSON.stringify(bytes.split("\r\n")[2])} ${method}: sent ${sent === 1 ? "once" : "again"}`,
        async () => {
          backend.disconnect();
          backend.forget();
          const client = await connectRaw({ port, identity: authority.grace });
          // the first exchange puts a connection into the pool
          for (let ready = false; !ready;) {
            client.send(head("GET", "/first"));
            const answers = await client.awaitAnswers(client.answers().length + 1);
            ready = answers.at(-1)?.status === 200;
          }
          const before = client.answers().length;
          client.send(bytes);
          const methods = [...Array<string>(before).fill("GET"), method];
          const answer = (await client.awaitAnswers(before + 1, ...methods)).at(-1);
          client.close();
          assert.equal(answer?.status, status);
          assert.equal(backend.requests().filter(({ target }) => target === "/second").length, sent);
        },
      );
    }
  },
);

test(
  "pooled connections that the backend closed while they were idle are nobody's trouble",
  { timeout: 20_000 },
  async (t) => {
    const authority = await createTestAuthority(t);
    const backend = await recordingBackend(t);
    const { port } = await startGateway(t, gatewayConfig(authority, backend.port));
    const client = await connectRaw({ port, identity: authority.grace });
    for (let count = 1; count <= 20; count += 1) {
      client.send(count % 2 === 0 ? `${head("POST", "/", "Content-Length: 2\r\n")}hi` : head("GET", "/"));
      const answers = await client.awaitAnswers(count);
      assert.equal(answers.at(-1)?.status, 200);
      backend.disconnect();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    client.close();
  },
);
