import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivals } from "../support/arrivals.ts";
import { badCertificates } from "../support/bad-certificates.ts";
import { connectRaw, type RawOptions } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority, graceSubject } from "../support/test-authority.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

const forged = "SSL_CLIENT_S_DN: CN=Mallory\r\nSSL-Client-Verify: SUCCESS\r\n";
const get = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n${forged}\r\n`;

/** What an anonymous client is answered, prefix by prefix, back and forth between the open and the closed ones. */
const anonymously = [
  ["/public/1", 200],
  ["/flask/1", 403],
  ["/public/2", 200],
  ["/public/closed/2", 403],
  ["/flask/open/2", 200],
  ["/flask/open", 308], // the bare prefix leads to the open one
  ["/", 403],
  ["/nowhere/", 403], // whether there is anything is nobody's business either
  ["/public/3", 200],
] as const;

test("a public prefix stands beside a protected one", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, acceptWebSocket);
  const route = (prefix: string, presence?: string) => ({
    prefix,
    upstream: `http://127.0.0.1:${backend.port}${prefix}`,
    presence,
  });
  const routes = [
    route("/flask/"),
    route("/flask/open/", "optional"),
    route("/public/", "optional"),
    route("/public/closed/", "required"),
  ];
  const config = gatewayConfig(authority, backend.port, { routes });
  const { port } = await startGateway(t, config);
  const told = () => arrivals(backend);
  /** One connection, one request after the other. */
  const walk = async (options: RawOptions, paths: readonly string[]) => {
    backend.forget();
    const client = await connectRaw(options);
    for (const [at, path] of paths.entries()) {
      client.send(get(path));
      await client.awaitAnswers(at + 1);
    }
    client.close();
    const statuses = client.answers().map(({ status }) => status);
    return { statuses, session: client.session(), resumed: client.resumed, answers: client.answers() };
  };
  const paths = anonymously.map(([path]) => path);
  const expected = anonymously.map(([, status]) => status);
  const open = anonymously
    .filter(([, status]) => status === 200)
    .map(([path]) => `${path} NONE`)
    .toSorted();
  const everywhere = ["/flask/1", "/public/1", "/public/closed/1", "/flask/open/1", "/flask/2"];

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    await t.test(`${version}: an anonymous client has the public one, on every request anew`, async () => {
      const { statuses, answers, session } = await walk({ port, version }, paths);
      assert.deepEqual(statuses, expected);
      for (const { status, text } of answers) if (status === 403) assert.match(text, /certificate-missing/);
      assert.deepEqual(told(), open);
      // Nothing that a client shows now counts: the session was made without it.
      for (const identity of [undefined, authority.grace]) {
        const again = await walk({ port, version, identity, session }, paths);
        assert.ok(again.resumed, "the session was not resumed: this test sees nothing");
        assert.deepEqual(again.statuses, statuses);
        assert.deepEqual(told(), open);
      }
    });
    await t.test(`${version}: Grace has both, and is named in both, resumed too`, async () => {
      const named = everywhere.map((path) => `${path} SUCCESS ${graceSubject}`).toSorted();
      const first = await walk({ port, version, identity: authority.grace }, everywhere);
      assert.deepEqual(first.statuses, [200, 200, 200, 200, 200]);
      assert.deepEqual(told(), named);
      const again = await walk({ port, version, session: first.session }, everywhere);
      assert.ok(again.resumed, "the session was not resumed: this test sees nothing");
      assert.deepEqual(told(), named);
    });
    for (const { name, identity, code } of await badCertificates(authority)) {
      if (identity === undefined) continue;
      await t.test(`${version}: a bad certificate is refused on both: ${name}`, async () => {
        const paths = ["/public/", "/flask/", "/flask/open/", "/"];
        const walks = await Promise.all(paths.map((path) => walk({ port, version, identity }, [path])));
        for (const { answers } of walks) {
          assert.equal(answers[0]?.status, 403);
          assert.match(answers[0].text, new RegExp(code));
        }
        assert.equal(backend.bytes().length, 0);
      });
    }
    await t.test(`${version}: an anonymous WebSocket opens on the public one alone`, async () => {
      backend.forget();
      for (const [path, status] of anonymously) {
        const client = await connectRaw({ port, version });
        client.send(webSocketHandshake(path, forged));
        const [answer] = await client.awaitAnswers(1);
        client.close();
        assert.equal(answer?.status, status === 200 ? 101 : status, path);
      }
      assert.deepEqual(told(), open);
    });
  }

  await t.test("requests that come in one piece are judged one by one", async () => {
    backend.forget();
    const client = await connectRaw({ port });
    client.send(paths.map(get).join(""));
    const answers = await client.awaitAnswers(paths.length);
    client.close();
    assert.deepEqual(answers.map(({ status }) => status), expected); // prettier-ignore
    assert.deepEqual(told(), open);
  });

  await t.test("no way of writing an address leads from the public one to the protected one", async () => {
    backend.forget();
    const ways = ["/public/../flask/", "/public/%2e%2e/flask/", "/public/..%2fflask/", "/public/..;/flask/", "/public\\..\\flask/", "//flask/", "/FLASK/", "/%66lask/", "/public/%2e%2e%2fflask/", "/public/./../flask/", "/flask/open/../", "/public%2fclosed/", "http://localhost/flask/", "/public/CLOSED/../closed/"]; // prettier-ignore
    for (const way of ways) {
      const client = await connectRaw({ port });
      client.send(get(way));
      const [answer] = await client.awaitAnswers(1);
      client.close();
      assert.ok([400, 403].includes(answer?.status ?? 0), `${way}: ${String(answer?.status)}`);
    }
    assert.equal(backend.bytes().length, 0);
  });

  await t.test(
    "where bad certificates close the connection, the anonymous still have the public one",
    async () => {
      const listen = { onBadCertificate: "abort" };
      const strict = await startGateway(t, gatewayConfig(authority, backend.port, { routes, listen }));
      const { statuses } = await walk({ port: strict.port }, ["/public/", "/flask/"]);
      assert.deepEqual(statuses, [200, 403]);
      backend.forget();
      const [, bad] = await badCertificates(authority);
      const client = await connectRaw({ port: strict.port, identity: bad?.identity });
      client.send(get("/public/"));
      await client.settle(500);
      assert.ok(client.ended());
      assert.equal(client.received().length + backend.bytes().length, 0);
    },
  );
});
