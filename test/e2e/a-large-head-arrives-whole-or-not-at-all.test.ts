/** Whatever its size: a head is refused by the gateway, or a backend with Node's own limit reads all of it, the identity included. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { connectRaw } from "../support/raw-client.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";

type Seen = { readonly subjects: readonly (string | undefined)[]; readonly octets: number };

/** Octets that the client's part of a head has besides: the request line, Host, a name and its line's end. */
const besides = 60;
const near = [
  ...Array.from({ length: 14 }, (_, at) => 14_000 + 200 * at),
  ...[15_990, 16_000, 16_010, 16_370, 16_383, 16_384, 16_385],
].map((size) => size - besides);
const lines = (count: number, length: number) => `A: ${"a".repeat(length)}\r\n`.repeat(count);
const shapes: Readonly<Record<string, (octets: number) => readonly [target: string, head: string]>> = {
  "in one line": (octets) => ["/flask/", lines(1, octets)],
  "in 90 lines": (octets) => ["/flask/", lines(90, Math.floor(octets / 90) - 5)],
  "in the target": (octets) => [`/flask/${"a".repeat(octets)}`, ""],
  "in target and line": (octets) => [`/flask/?${"a".repeat(4_000)}`, lines(1, octets - 4_000)],
};
const far: Readonly<Record<string, readonly [target: string, head: string]>> = {
  "a line of 1 MiB": ["/flask/", lines(1, 1 << 20)],
  "1 MiB of lines": ["/flask/", lines(1 << 10, 1 << 10)],
  "a name of 1 MiB": ["/flask/", `${"a".repeat(1 << 20)}: a\r\n`],
  "5,000 lines": ["/flask/", lines(5_000, 1)],
  "5,000 empty lines": ["/flask/", "a:\r\n".repeat(5_000)],
  "a target of 100 KiB": [`/flask/${"a".repeat(100 << 10)}`, ""],
  "a query of 100 KiB": [`/flask/?${"a".repeat(100 << 10)}`, ""],
};

test("a large head arrives whole or not at all", async (t) => {
  const authority = await createTestAuthority(t);
  const seen: Seen[] = [];
  const backend = createServer(({ rawHeaders, url = "" }, response) => {
    const subjects = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 && /^ssl_client_s_dn$/i.test(name) ? [rawHeaders[at + 1]] : [],
    );
    seen.push({ subjects, octets: url.length + rawHeaders.join("").length });
    response.end("ok\n");
  }).listen(0, "127.0.0.1");
  await once(backend, "listening");
  t.after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  const { port, stderr } = await startGateway(t, gatewayConfig(authority, (backend.address() as AddressInfo).port));
  /** The status, the refusal's code, and how much of what was sent the backend has seen. */
  const outcomeOf = async (target: string, head: string) => {
    seen.length = 0;
    const client = await connectRaw({ port, identity: authority.grace });
    client.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n${head}Connection: close\r\n\r\n`);
    const [answer] = await client.awaitAnswers(1);
    client.close();
    const code = /\(([a-z-]+), incident |"code": "([a-z-]+)"/.exec(answer?.text ?? "")?.slice(1).join("");
    return { status: answer?.status, code, subjects: seen.flatMap(({ subjects }) => subjects), octets: seen[0]?.octets ?? 0 };
  };
  const isNoMore = ({ subjects }: Awaited<ReturnType<typeof outcomeOf>>) => {
    assert.deepEqual(subjects, [], "it has arrived all the same");
  };

  for (const [shape, make] of Object.entries(shapes)) {
    await t.test(`near the limit, ${shape}`, async () => {
      const outcomes = new Map<string, number>();
      for (const size of near) {
        const [target, head] = make(size);
        const outcome = await outcomeOf(target, head);
        const { status, code, subjects, octets } = outcome;
        outcomes.set(code ?? String(status), size + besides);
        if (status === 200) {
          assert.deepEqual(subjects, [graceSubject]);
          assert.ok(octets > size - 500, `${octets} of ${size} octets have arrived`);
        } else {
          // Not the backend's own word for it: this has a code.
          assert.ok((status === 431 && code === "head-too-large") || (status === 400 && code === "target-invalid"), `${String(status)} ${String(code)} at ${size}`);
          isNoMore(outcome);
        }
      }
      t.diagnostic(`${shape}: ${JSON.stringify([...outcomes])}`);
      assert.ok(outcomes.size > 1 || shape === "in the target", "all alike: nothing of this is near the limit");
    });
  }
  for (const [name, [target, head]] of Object.entries(far)) {
    await t.test(`${name} is refused`, async () => {
      const outcome = await outcomeOf(target, head);
      assert.deepEqual([outcome.status, outcome.code], [431, "head-too-large"]);
      isNoMore(outcome);
    });
  }
  assert.equal(stderr(), "");
}); // prettier-ignore
