import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "../support/ask.ts";
import { rawExchange } from "../support/raw-exchange.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { runCurl } from "../support/run-curl.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { splitAnswers } from "../support/split-answers.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const body = 300_000;
const host = "Host: localhost\r\n";
const requests: readonly (readonly [name: string, octets: string])[] = [
  ["GET", `GET /flask/ HTTP/1.1\r\n${host}\r\n`],
  ["GET of HTTP/1.0, without Host", "GET /flask/ HTTP/1.0\r\n\r\n"],
  ["HEAD", `HEAD /flask/ HTTP/1.1\r\n${host}\r\n`],
  ["POST with a body", `POST /flask/ HTTP/1.1\r\n${host}Content-Length: ${body}\r\n\r\n${"x".repeat(body)}`],
  ["POST in chunks", `POST /flask/ HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`],
  ["PROPFIND, which OpenSSL does not know", `PROPFIND /flask/ HTTP/1.1\r\n${host}\r\n`],
  ["CONNECT, as to a proxy", `CONNECT localhost:22 HTTP/1.1\r\n${host}\r\n`],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"],
  ["two at once", `GET /flask/1 HTTP/1.1\r\n${host}\r\nGET /flask/2 HTTP/1.1\r\n${host}\r\n`],
  ["a forged identity", `GET /flask/ HTTP/1.1\r\n${host}SSL_CLIENT_S_DN: CN=Grace Hopper\r\n\r\n`],
]; // prettier-ignore

/** What is neither TLS nor HTTP; most of it no server could answer in its own language. */
const garbage: readonly (readonly [name: string, octets: string | Buffer])[] = [
  ["SSH", "SSH-2.0-OpenSSH_9.6\r\n"],
  ["NUL", Buffer.alloc(64)],
  ["0xFF", Buffer.alloc(4096, 0xff)],
  ["a proxy protocol's line", "PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n"],
  ["SSLv2's hello", Buffer.from("802e0100020015000000100100800200800300800400800500800600400700c0", "hex")],
  ["a record of the wrong version", Buffer.from("1609010005010000010000", "hex")],
  ["a hello that is none", Buffer.from("160301000568656c6c6f", "hex")],
  ["an alert", Buffer.from("15030100020100", "hex")],
  ["markup", "<script>alert(1)</script>\r\n\r\n"],
];

test("plain HTTP on the TLS port gets a hint", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const config = gatewayConfig(authority, backend.port, { metrics: { port: 0 } });
  const gateway = await startGateway(t, { ...config, contact: "the help desk, it@example.org" });
  const { port } = gateway;
  const metrics = await metricsPortOf(gateway);

  for (const [name, octets] of requests) {
    await t.test(name, async () => {
      const before = gateway.log.length;
      const answer = await rawExchange(port, octets);
      assert.equal(answer.error, undefined, "closed in peace, not reset");
      const { answers } = splitAnswers(Buffer.from(answer.octets, "latin1"), ["GET"], true);
      assert.equal(answers.length, 1, answer.octets);
      assert.equal(answers[0]?.status, 400);
      assert.match(answers[0].text, /https:\/\//);
      assert.match(answers[0].text, /the help desk, it@example\.org/);
      assert.match(answer.octets, /\r\nConnection: close\r\n/);
      const incident = /\b[0-9A-Z]{8}\b/.exec(answers[0].text)?.[0] ?? "none";
      const line = await gateway.logged((line) => line["incident"] === incident);
      assert.deepEqual([line["code"], line["status"], line["address"]], ["tls-required", 400, "127.0.0.1"]);
      assert.match(String(line["detail"]), /^(?:http request|https proxy request|wrong version number)$/);
      assert.equal(gateway.log.length, before + 1, "one line");
    });
  }

  await t.test("as curl shows it to a person", async () => {
    const url = `http://127.0.0.1:${port}/flask/`;
    const shown = await runCurl("--include", url);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(shown.stdout, /\r\nContent-Type: text\/plain/);
    assert.equal((await runCurl("--head", url)).code, 0);
    assert.match((await runCurl("--data", "a=b", "-w", "%{http_code}", url)).stdout, /400$/);
    assert.match((await runCurl("--http2-prior-knowledge", url)).stderr, /^curl: \(\d+\) ./);
    const through = await runCurl("--proxy", `http://127.0.0.1:${port}`, "https://localhost/");
    assert.match(through.stderr, /CONNECT tunnel failed, response 400/);
  });

  await t.test("garbage gets no more than that, or nothing", async (t) => {
    for (const [name, octets] of garbage) {
      await t.test(name, async () => {
        const { octets: told } = await rawExchange(port, octets, "end");
        // An alert of TLS (0x15), or the same plain words that hold nothing of what was sent.
        if (told !== "") assert.match(told, /^(?:\x15|HTTP\/1\.1 400 Bad Request\r\n)/);
        assert.ok(!told.includes("alert(1)") && !told.includes("SSH"));
      });
    }
  });

  await t.test("nothing of it reached the backend, and it was counted", async () => {
    assert.equal(backend.bytes().length, 0);
    const figures = await scrape(metrics);
    const refusals = figures('sallyport_refusals_total{code="tls-required"}');
    const failures = (reason: string) => figures(`sallyport_handshake_failures_total{reason="${reason}"}`);
    assert.ok(failures("plain-http") >= 8, String(failures("plain-http")));
    assert.ok(failures("not-tls") >= 4, String(failures("not-tls")));
    assert.ok(refusals >= requests.length + 4);
    assert.equal(figures('sallyport_handshakes_total{resumed="false"}'), 0);
  });

  await t.test("the gateway goes on, and holds none of them", async () => {
    assert.equal((await ask({ port, identity: authority.grace })).status, 200);
    await waitUntil(
      async () => (await scrape(metrics))("sallyport_connections_open") === 0,
      () => "not in time: every connection is closed",
    );
    assert.equal(gateway.stderr(), "");
    for (const line of gateway.lines) assert.match(line, /^\{[\x20-\x7e]*\}$/);
  });
});
