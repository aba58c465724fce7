/** Texts that cost a careless pattern the square of their length: nobody else waits while one of them is read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const page = (body: string, ...lines: string[]) =>
  `HTTP/1.1 200 OK\r\n${["Content-Type: text/html", ...lines, `Content-Length: ${body.length}`].join("\r\n")}\r\n\r\n${body}`;
/** As long as an upstream's head or trailers may be, nearly. */
const line = (unit: string) => unit.repeat(15_000);
/** As much as makes a careless pattern take half a minute. */
const text = (unit: string) => unit.repeat(200_000);

const answers = {
  "commas in a srcset": page(`<img srcset="a${text(",")}b">`),
  "spaces in a srcset": page(`<img srcset="a${text(" ")}b">`),
  "parentheses in a srcset": page(`<img srcset="a ${text("(")}b">`),
  "digits in a refresh": page(`<meta http-equiv=refresh content="${text("1")}x">`),
  "spaces in a refresh": page(`<meta http-equiv=refresh content="1${text(" ")}x">`),
  "slashes in a reference": page(`<a href="${text("/")}b">x</a>`),
  "line ends in a reference": page(`<a href="/a${text("\n")}b">x</a>`),
  "spaces in a style": page(`<p style="@import${text(" ")}x">`),
  "beginnings in a style": page(`<style>${text("url( ")}</style>`),
  "backslashes in a style": page(`<style>a{b:"${text("\\a")}\n}</style>`),
  "a tag without an end": page(`<a ${text("a ")}`),
  "a comment without an end": page(`<!--${text("--!")}`),
  "a script without an end": page(`<script>${text("<!--<script ")}`),
  "digits in the head": page("hello", `Refresh: ${line("1")}x`),
  "spaces in the head": page("hello", `Link: <a${line(" ")}b>`, `Refresh: 1${line(" ")}x`),
  "commas in the head": page("hello", `Vary: a${line(",")}b`),
  "spaces in a trailer": `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: a${line(" ")}b\r\n\r\n`,
} as const;

const heads = {
  "spaces in a coding": `GET /flask/ok HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip${line(" ")}x\r\n\r\n`,
  "spaces in Connection": `GET /flask/ok HTTP/1.1\r\nHost: localhost\r\nConnection: a${line(" ")}b\r\n\r\n`,
  "colons in the host": `GET /flask/ok HTTP/1.1\r\nHost: localhost${line(":1")}x\r\n\r\n`,
  "digits in the host": `GET /flask/ok HTTP/1.1\r\nHost: localhost:${line("1")}x\r\n\r\n`,
  "a target in absolute form": `GET http://${line("a")} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
  "dots in a target": `GET /flask/${line("%2e")} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
} as const;

test("no text stalls the gateway", { timeout: 120_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, ({ target }) => {
    const [, answer] = Object.entries(answers)[Number(target.slice(1))] ?? [];
    return answer ?? page("hello");
  });
  const gateway = await startGateway(
    t,
    gatewayConfig(authority, backend.port, {
      route: { rewriteHtml: true, trailers: { request: [], response: ["X-Sum"] } },
    }),
  );
  const send = async (octets: string) => {
    const client = await connectRaw({ port: gateway.port, identity: authority.grace });
    t.after(client.close);
    client.send(octets);
    return client.awaitAnswers(1);
  };

  for (const [at, name] of Object.keys(answers).entries())
    await t.test(name, async () => {
      const [answer] = await send(`GET /flask/${at} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      assert.equal(answer?.status, 200);
    });
  for (const [name, octets] of Object.entries(heads))
    await t.test(name, async () => {
      const [answer] = await send(octets);
      assert.ok(answer);
    });
});
