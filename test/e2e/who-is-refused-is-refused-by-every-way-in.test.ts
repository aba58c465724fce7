/** Every refusal that a certificate can lead to, by TLS 1.2 and 1.3, on a fresh and a resumed session, for a request and a WebSocket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { openPlaces, refusedVisitors, type RefusedVisitor } from "../support/refused-visitors.ts";
import { startGateway } from "../support/running-gateway.ts";
import type { Answer } from "../support/split-answers.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

const accept = "Accept: application/json\r\n";
const ways = {
  request: ({ host, path }: Place) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${accept}\r\n`,
  WebSocket: ({ host, path }: Place) => webSocketHandshake(path, accept, host),
};
type Place = Pick<RefusedVisitor, "host" | "path">;

/** Comes twice, the second time on the session of the first. */
async function visitTwice(options: RawOptions, octets: string) {
  const first = await visit(options, octets);
  return [first, await visit({ ...options, session: first.session }, octets)] as const;
}

async function visit(options: RawOptions, octets: string) {
  const client = await connectRaw(options);
  client.send(octets);
  const [answer] = await client.awaitAnswers(1);
  const session = client.session();
  client.close();
  assert.ok(answer);
  return { answer, session, resumed: client.resumed };
}

void test("who is refused is refused by every way in", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, acceptWebSocket);
  const { config, visitors } = await refusedVisitors(authority, backend.port);
  const gateway = await startGateway(t, config);
  const { port } = gateway;

  const isRefused = async ({ status, code, detail }: RefusedVisitor, answer: Answer) => {
    assert.equal(answer.status, status, answer.text);
    const problem = JSON.parse(answer.text) as { code: string; incident: string };
    assert.equal(problem.code, code, answer.text);
    const line = await gateway.logged(({ incident }) => incident === problem.incident);
    assert.equal(line["code"], code);
    assert.match(String(line["detail"]), detail);
  };

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    for (const [way, octetsOf] of Object.entries(ways)) {
      await t.test(`${version}, ${way}, fresh and resumed`, { concurrency: 16 }, async (t) => {
        const cases = visitors.map((visitor) =>
          t.test(`${visitor.name} -> ${visitor.status} ${visitor.code}`, async () => {
            const { identity, serverName } = visitor;
            const options = { port, version, identity, serverName };
            const [fresh, again] = await visitTwice(options, octetsOf(visitor));
            await isRefused(visitor, fresh.answer);
            await isRefused(visitor, again.answer);
          }),
        );
        await Promise.all(cases);
      });
    }
  }

  await t.test("and the backend has not heard of any of them: not even a connection", () => {
    assert.equal(backend.connections.length, 0);
  });

  await t.test("every code that a certificate can lead to was among them", () => {
    const codes = new Set(visitors.map(({ code }) => code));
    assert.equal(codes.size, 14, [...codes].join());
  });

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    for (const [host, path] of openPlaces) {
      await t.test(`while Grace gets in there: ${version}, ${host}${path}`, async () => {
        backend.forget();
        const options = { port, version, identity: authority.grace, serverName: host };
        for (const { answer } of await visitTwice(options, ways.request({ host, path })))
          assert.equal(answer.status, 200, answer.text);
        for (const { answer } of await visitTwice(options, ways.WebSocket({ host, path })))
          assert.equal(answer.status, 101, answer.text);
        const names = backend.subjectLines().map(([, value]) => value);
        const expected = path === "/legacy/" ? "/C=US/ST=Virginia/CN=Grace Hopper" : graceSubject;
        assert.deepEqual(
          names,
          Array.from({ length: 4 }, () => expected),
        );
      });
    }
  }
});
