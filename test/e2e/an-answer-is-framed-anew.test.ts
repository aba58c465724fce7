import assert from "node:assert/strict";
import { test } from "node:test";
import { connectRaw, type RawConnection } from "../support/raw-client.ts";
import { okAnswer, recordingBackend, type Respond } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const ask = (method = "GET", version = "1.1", ...lines: string[]) =>
  `${[`${method} /flask/ HTTP/${version}`, "Host: localhost", ...lines].join("\r\n")}\r\n\r\n`;
const ok = (lines: readonly string[], body = "ok") =>
  `${["HTTP/1.1 200 OK", ...lines].join("\r\n")}\r\n\r\n${body}`;

/** What the upstream says to its own hop, and to nobody behind it. */
const hop = [
  "Keep-Alive: timeout=7, max=9",
  "keep-alive: 300",
  "Proxy-Connection: keep-alive",
  "Proxy-Authenticate: Basic realm=x",
  "PROXY-AUTHENTICATE: Basic realm=x",
  "Proxy-Authentication-Info: x=y",
  "Proxy-Authorization: Basic eDp5",
  "TE: trailers",
  "Trailer: X-Sum",
  "Trailer: Content-Length, SSL_CLIENT_S_DN",
  "Upgrade: h2c, websocket",
  "HTTP2-Settings: AAMAAABkAAQAAP__",
  "Connection: keep-alive",
  "Connection: close",
  "Connection:",
  "Connection: , ,",
  "Connection: Upgrade",
];

/** What it says is for one hop: the Connection lines, and the line that they name. */
const nominated: readonly (readonly [connection: readonly string[], line: string])[] = [
  [["Connection: X-Hop"], "X-Hop: 1"],
  [["Connection: x-hop"], "X-HOP: 1"],
  [["Connection: close, X-Hop"], "X-Hop: 1"],
  [["Connection: keep-alive,X-Hop,"], "X-Hop: 1"],
  [["Connection:\tX-Hop \t, y"], "X-Hop: 1"],
  [["Connection: keep-alive", "Connection: X-Hop"], "X-Hop: 1"],
  [["CONNECTION: X-Other, X-Hop"], "x-hop: 1"],
  [["Connection: Set-Cookie"], "Set-Cookie: a=b"],
];

const poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

/** Answers without content that say they have some. */
const contentless: readonly (readonly [name: string, method: string, status: number, answer: string])[] = [
  ["HEAD with content", "HEAD", 200, ok(["Content-Length: 6"], "poison")],
  ["HEAD in chunks", "HEAD", 200, ok(["Transfer-Encoding: chunked"], "6\r\npoison\r\n0\r\n\r\n")],
  ["HEAD, and another answer", "HEAD", 200, ok(["Content-Length: 6"], poison)],
  ["204 with a length", "GET", 204, "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\npoison"],
  ["204 with a length and nothing behind it", "GET", 204, "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\n"],
  ["204 in chunks", "GET", 204, "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n6\r\npoison\r\n0\r\n\r\n"],
  ["204, and another answer", "DELETE", 204, `HTTP/1.1 204 No Content\r\n\r\n${poison}`],
  ["304 with content", "GET", 304, "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\npoison"],
  ["304 in chunks", "GET", 304, "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n6\r\npoison\r\n0\r\n\r\n"],
  ["chunks, and another answer", "GET", 200, ok(["Transfer-Encoding: chunked"], `2\r\nok\r\n0\r\n\r\n${poison}`)],
  ["a length, and another answer", "POST", 200, ok(["Content-Length: 2"], `ok${poison}`)],
  ["no octets, and another answer", "GET", 200, ok(["Content-Length: 0"], poison)],
  ["103 with a length", "GET", 200, `HTTP/1.1 103 Early Hints\r\nContent-Length: 70\r\n\r\n${okAnswer}`],
  ["103 in chunks", "GET", 200, `HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n${okAnswer}`],
]; // prettier-ignore

test("an answer is framed anew, and nothing of the upstream's own hop is in it", async (t) => {
  const authority = await createTestAuthority(t);
  let respond: Respond = () => okAnswer;
  const backend = await recordingBackend(t, (request, socket) => respond(request, socket));
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const connect = () => connectRaw({ port: gateway.port, identity: authority.grace });
  const client = await connect();

  /** The next answer on a connection. */
  const next = async (from: RawConnection, bytes: string, method: string, answer: string) => {
    respond = () => answer;
    const before = from.answers(...methodsOf(from)).length;
    methodsOf(from).push(method);
    from.send(bytes);
    const given = (await from.awaitAnswers(before + 1, ...methodsOf(from))).at(-1);
    assert.ok(given);
    return given;
  };
  const asked = new WeakMap<RawConnection, string[]>();
  const methodsOf = (from: RawConnection) => {
    const methods = asked.get(from) ?? [];
    asked.set(from, methods);
    return methods;
  };
  /** Of the upstream's connections, the one that has carried a request. */
  const endOfTheOneUsed = async () => {
    const used = backend.connections.find((connection) => connection.bytes().length > 0);
    assert.ok(used);
    await waitUntil(() => !used.open(), () => "it is still open"); // prettier-ignore
  };
  /** Its lines, but the date and how long the gateway itself keeps a connection, if it says so. */
  const linesOf = ({ lines }: { lines: readonly (readonly [string, string])[] }) =>
    lines
      .filter(([name, value]) => name !== "Date" && !(name === "Keep-Alive" && value === "timeout=60"))
      .map((line) => line.join(": "));
  const sound = ["X-End: stays", "Content-Length: 2", "Connection: keep-alive"];

  for (const line of hop) {
    await t.test(`${line}: stays behind`, async () => {
      const answer = await next(client, ask(), "GET", ok([line, "X-End: stays", "Content-Length: 2"]));
      assert.deepEqual(linesOf(answer), sound);
      assert.equal(answer.text, "ok");
    });
  }
  for (const [connection, line] of nominated) {
    await t.test(`${connection.join(" and ")}: ${line} stays behind`, async () => {
      const answer = await next(client, ask(), "GET", ok([line, "X-End: stays", ...connection, "Content-Length: 2"]));
      assert.deepEqual(linesOf(answer), sound);
    });
  } // prettier-ignore
  await t.test("naming the framing does not take it away", async () => {
    for (const [name, body] of [["Content-Length: 2", "ok"], ["Transfer-Encoding: chunked", "2\r\nok\r\n0\r\n\r\n"]] as const) {
      const answer = await next(client, ask(), "GET", ok(["Connection: Content-Length, Transfer-Encoding", name], body));
      assert.deepEqual(linesOf(answer), [name, "Connection: keep-alive"].toSorted((a, b) => Number(a.startsWith("T")) - Number(b.startsWith("T"))));
      assert.equal(answer.text, "ok");
    }
  }); // prettier-ignore

  await t.test("the client's own Connection is not sent back", async () => {
    for (const names of ["keep-alive, SSL_CLIENT_S_DN, X-Mine", "X-Mine", "SSL_CLIENT_S_DN"]) {
      const answer = await next(client, ask("GET", "1.1", `Connection: ${names}`, "X-Mine: 1"), "GET", ok(["X-End: stays", "Content-Length: 2"])); // prettier-ignore
      assert.deepEqual(linesOf(answer), sound);
    }
  });
  await t.test("a connection that is to end, ends", async () => {
    const other = await connect();
    const answer = await next(other, ask("GET", "1.1", "Connection: close"), "GET", okAnswer);
    assert.equal(answer.header("connection"), "close");
    await other.settle(2_000);
    assert.ok(other.ended());
  });

  for (const [name, octets, ends] of [
    ["a length", ok(["Content-Length: 2"]), false],
    ["chunks", ok(["Transfer-Encoding: chunked"], "1\r\no\r\n1;x=y\r\nk\r\n0\r\n\r\n"), false],
    ["the end of the connection", ok([]), true],
    ["the end of the connection, in HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nok", true],
    ["a length, in HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", false],
  ] as const) {
    const answering: Respond = (_, socket) => {
      socket.write(octets);
      if (ends) socket.end();
      return undefined;
    };
    await t.test(`content that ends with ${name} has one framing, which is the gateway's`, async () => {
      respond = answering;
      const other = await connect();
      other.send(ask() + ask());
      for (const answer of await other.awaitAnswers(2)) {
        const framings = ["content-length", "transfer-encoding"].map((line) => answer.header(line));
        assert.deepEqual(framings, octets.includes("Length") ? ["2", undefined] : [undefined, "chunked"]);
        assert.deepEqual([answer.startLine, answer.text], ["HTTP/1.1 200 OK", "ok"]);
      }
      other.close();
    });
    await t.test(`content that ends with ${name} is not in chunks for HTTP/1.0`, async () => {
      respond = answering;
      const other = await connect();
      other.send(ask("GET", "1.0", "Connection: keep-alive"));
      // Without a length only the end of the connection can be its end.
      const endless = !octets.includes("Length");
      if (endless) await other.settle(2_000);
      const [answer] = await other.awaitAnswers(1);
      assert.equal(answer?.header("transfer-encoding"), undefined);
      assert.deepEqual([answer?.text, other.ended()], ["ok", endless]);
      other.close();
    });
  }

  for (const [name, method, status, octets] of contentless) {
    await t.test(`${name}: nothing of it is content, nor the next answer`, async () => {
      const other = await connect();
      backend.forget();
      const answer = await next(other, ask(method), method, octets);
      if (octets.includes("poison")) await endOfTheOneUsed();
      assert.equal(answer.status, status);
      if (status === 204) assert.deepEqual([answer.header("content-length"), answer.header("transfer-encoding")], [undefined, undefined]); // prettier-ignore
      if (name.startsWith("103")) assert.match(other.received().toString("latin1"), /^HTTP\/1\.1 103 Early Hints\r\n\r\nHTTP\/1\.1 200/); // prettier-ignore
      if (status === 304) assert.equal(answer.header("transfer-encoding"), undefined);
      for (let count = 1; count <= 2; count += 1)
        assert.equal((await next(other, ask(), "GET", okAnswer)).text, "ok\n");
      assert.doesNotMatch(other.received().toString("latin1"), /poison/);
      other.close();
    });
  }

  for (const [name, octets] of [
    ["Connection: close", ok(["Connection: close", "Content-Length: 2"])],
    ["Connection: Close, X", ok(["Connection: x", "Connection: Close, X", "Content-Length: 2"])],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"],
  ] as const) {
    await t.test(
      `${name}: the upstream's connection carries nothing more, and the client's goes on`,
      async () => {
        backend.forget();
        assert.equal((await next(client, ask(), "GET", octets)).text, "ok");
        await endOfTheOneUsed();
        assert.equal((await next(client, ask(), "GET", okAnswer)).text, "ok\n");
      },
    );
  }

  client.close();
  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []); // prettier-ignore
    assert.equal(gateway.stderr(), "");
  });
});
