/** Every refusal that a certificate can lead to: by TLS 1.2 and 1.3, fresh and on a resumed session, for a request and for a WebSocket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import {
  certificateCodes,
  refusingSites,
  type RefusedVisitor,
  type RefusingSite,
} from "../support/refused-visitors.ts";
import { startGateway, type RunningGateway } from "../support/running-gateway.ts";
import type { Answer } from "../support/split-answers.ts";
import { createTestAuthority, graceSlashForm, graceSubject } from "../support/test-authority.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

type Place = Pick<RefusedVisitor, "host" | "path">;

const versions = ["TLSv1.2", "TLSv1.3"] as const;
const accept = "Accept: application/json\r\n";
const request = ({ host, path }: Place) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${accept}\r\n`;
const webSocket = ({ host, path }: Place) => webSocketHandshake(path, accept, host);
const ways = [
  ["a request", request, 200],
  ["a WebSocket", webSocket, 101],
] as const;

async function visit(options: RawOptions, octets: string) {
  const client = await connectRaw(options);
  client.send(octets);
  const [answer] = await client.awaitAnswers(1);
  assert.ok(answer);
  client.close();
  return { answer, session: client.session(), resumed: client.resumed };
}

/** Comes twice, the second time with the session of the first. */
async function visitTwice(options: RawOptions, octets: string, resumes: boolean) {
  const first = await visit(options, octets);
  const second = await visit({ ...options, session: first.session }, octets);
  assert.equal(second.resumed, resumes, "whether the session was resumed");
  return [first.answer, second.answer] as const;
}

void test("who is refused is refused by every way in", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, acceptWebSocket);
  const sites = await refusingSites(authority, backend.port);
  const places: (RefusingSite & { gateway: RunningGateway })[] = [];
  for (const site of sites) places.push({ ...site, gateway: await startGateway(t, site.config) });

  for (const { name, gateway, visitors, resumes } of places) {
    const isRefused = async ({ status, code, detail }: RefusedVisitor, answer: Answer) => {
      assert.equal(answer.status, status, answer.text);
      const problem = JSON.parse(answer.text) as { code: string; incident: string };
      assert.equal(problem.code, code, answer.text);
      const line = await gateway.logged(({ incident }) => incident === problem.incident);
      assert.equal(line["code"], code);
      assert.match(String(line["detail"]), detail);
    };
    for (const version of versions) {
      for (const [way, octetsOf] of ways) {
        await t.test(`${name}, ${version}, ${way}`, { concurrency: 8 }, async (t) => {
          const cases = visitors.map((visitor) =>
            t.test(`${visitor.name} -> ${visitor.status} ${visitor.code}`, async () => {
              const { identity, serverName } = visitor;
              const options = { port: gateway.port, version, identity, serverName };
              const answers = await visitTwice(options, octetsOf(visitor), resumes);
              for (const answer of answers) await isRefused(visitor, answer);
            }),
          );
          await Promise.all(cases);
        });
      }
    }
  }

  await t.test("and the backend has not heard of any of them: not even a connection", () => {
    assert.equal(backend.connections.length, 0);
  });

  await t.test("every code that a certificate can lead to was among them", () => {
    const met = new Set(sites.flatMap(({ visitors }) => visitors.map(({ code }) => code)));
    assert.deepEqual([...met].toSorted(), certificateCodes);
  });

  for (const { name, gateway, resumes, open } of places) {
    for (const [host, path] of open) {
      await t.test(`while Grace gets in: ${name}, ${host}${path}`, async () => {
        for (const version of versions) {
          for (const [, octetsOf, status] of ways) {
            backend.forget();
            const options = { port: gateway.port, version, identity: authority.grace, serverName: host };
            const answers = await visitTwice(options, octetsOf({ host, path }), resumes);
            assert.deepEqual(answers.map((answer) => answer.status), [status, status]);
            const subject = path === "/legacy/" ? graceSlashForm : graceSubject;
            assert.deepEqual(backend.subjectLines().map(([, value]) => value), [subject, subject]);
          }
        }
      });
    }
  }
}); // prettier-ignore
