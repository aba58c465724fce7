import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf } from "../support/message.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const content = Buffer.from("0123456789");

/** The answer, and the framing it comes with: RFC 9110 sections 8.6, 15.3.5, 15.4.5, and RFC 9112 section 6.3. */
const empty: readonly (readonly [method: string, answer: string, status: number, framing: readonly string[]])[] = [
  ["GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, []],
  ["GET", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, []],
  ["DELETE", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, []],
  ["GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', 304, []],
  ["GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nTransfer-Encoding: chunked\r\n\r\n', 304, []],
  ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", 200, ["Content-Length: 10"]],
  ["HEAD", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-3/10\r\nContent-Length: 4\r\n\r\n", 206, ["Content-Length: 4"]],
  ["HEAD", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, ["Content-Length: 0"]],
  ["GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ["Content-Length: 0"]],
  ["GET", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", 205, ["Content-Length: 0"]],
]; // prettier-ignore

test("what has no body gets none, and what is a part stays that part", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let answer = "";
  const backend = await recordingBackend(t, () => answer);
  const gateway = await startGateway(t, gatewayConfig(authority, backend.port));
  const client = await connectRaw({ port: gateway.port, identity: authority.grace });
  t.after(client.close);
  const methods: string[] = [];
  /** One after the other on one connection: an octet too many would be the beginning of the next answer. */
  const ask = async (method: string, ...lines: readonly string[]) => {
    backend.forget();
    const before = client.received().length;
    methods.push(method);
    client.send([`${method} /flask/ HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n"));
    const found = (await client.awaitAnswers(methods.length, ...methods)).at(-1);
    assert.ok(found);
    return { ...found, octets: client.received().subarray(before).toString("latin1") };
  };

  for (const [method, octets, status, framing] of empty) {
    await t.test(`${method}: ${JSON.stringify(octets.slice(9))}`, async () => {
      answer = octets;
      const got = await ask(method);
      assert.equal(got.status, status);
      const [head = "", ...rest] = got.octets.split("\r\n\r\n");
      assert.deepEqual(rest, [""], "octets behind the head");
      assert.deepEqual(head.split("\r\n").filter((line) => /^(content-length|transfer-encoding):/i.test(line)), framing); // prettier-ignore
    });
  }

  const boundary = "edge";
  const several = `--${boundary}\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n--${boundary}\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n--${boundary}--\r\n`;
  const parts: readonly (readonly [lines: readonly string[], answer: string, status: number, body: string])[] = [
    [["Range: bytes=2-5"], "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-5/10\r\nETag: \"a\"\r\nContent-Length: 4\r\n\r\n2345", 206, "2345"],
    [["Range: bytes=-3", 'If-Range: "a"'], "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 7-9/10\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n789\r\n0\r\n\r\n", 206, "789"],
    [["Range: bytes=0-1,8-9"], `HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=${boundary}\r\nContent-Length: ${several.length}\r\n\r\n${several}`, 206, several],
    [["Range: bytes=99-"], "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\r\n", 416, ""],
    [["Range: bytes=0-1", 'If-Range: "old"'], `HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: 10\r\n\r\n${content.toString()}`, 200, content.toString()],
  ]; // prettier-ignore
  for (const [lines, octets, status, body] of parts) {
    await t.test(`${lines.join(", ")} -> ${status}`, async () => {
      answer = octets;
      const got = await ask("GET", ...lines);
      assert.deepEqual([got.status, got.text], [status, body]);
      const [given = ""] = octets.split("\r\n\r\n");
      const of = (head: string, name: string) => new RegExp(`^${name}: (.*)\r$`, "im").exec(head)?.[1];
      for (const name of ["Content-Range", "Content-Length", "Content-Type", "ETag", "Accept-Ranges"])
        assert.equal(got.header(name), of(given + "\r\n", name), name);
      const [asked] = backend.requests();
      for (const line of lines) {
        const [name = "", value] = line.split(": ");
        assert.deepEqual(valuesOf(asked?.lines ?? [], name), [value]);
      }
    });
  }
});
