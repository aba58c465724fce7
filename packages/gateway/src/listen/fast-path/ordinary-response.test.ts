import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { httpDate } from "./http-date.ts";
import { readOrdinaryHead } from "./ordinary-head.ts";
import { OrdinaryRequest } from "./ordinary-request.ts";
import { OrdinaryResponse } from "./ordinary-response.ts";

/** The rest of what is written to a client is compared, octet by octet, with Node's: `test/e2e/the-fast-path-changes-nothing`. */
describe("an answer on the fast path", () => {
  const server = createServer();
  before(() => once(server.listen(0, "127.0.0.1"), "listening"));
  after(() => server.close());

  /** The server's end of a new connection, the client's, and an answer. */
  async function connection(): Promise<{ client: Socket; res: OrdinaryResponse; answered: () => number }> {
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [socket] = await accepted;
    const head = readOrdinaryHead(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 1_000);
    assert.ok(head);
    let answered = 0;
    const res = new OrdinaryResponse(new OrdinaryRequest(head, socket), () => (answered += 1));
    socket.on("close", () => {
      res.close();
    });
    return { client, res, answered: () => answered };
  }

  it("has lines, each of them one, or throws and has written nothing", async () => {
    const { client, res } = await connection();
    for (const value of ["a\r\nX: y", "a\nX: y", "a\rb", "a\0b", "a\u010ab", "\x7f"])
      assert.throws(() => {
        res.writeHead(200, "OK", ["X-A", value]);
      }, /is none/);
    assert.throws(() => {
      res.writeHead(200, "OK\r\nX: y", []);
    }, /no line/);
    assert.throws(() => {
      res.writeHead(200, "OK", ["X-A: b\r\nX-B", "c"]);
    }, /is none/);
    assert.deepEqual([res.headersSent, res.socket.bytesWritten], [false, 0]);
    client.destroy();
  });

  it("tells when a client that was slow may have more, and ends once", async () => {
    const { client, res, answered } = await connection();
    res.writeHead(200, "OK", []);
    const piece = Buffer.alloc(1 << 20, "a");
    let sent = 1;
    while (res.write(piece)) sent += 1;
    const drained = once(res, "drain");
    let received = 0;
    client.on("data", ({ length }) => (received += length));
    await drained;
    res.end();
    await once(res, "close");
    assert.deepEqual([res.writableFinished, res.closed, answered()], [true, true, 1]);
    while (received < sent * piece.length) await once(client, "data");
    client.destroy();
    await once(res.socket, "close");
    assert.equal(answered(), 1);
  });

  it("is closed and not finished when the client has left", async () => {
    const { client, res, answered } = await connection();
    res.writeHead(200, "OK", ["Content-Length", "5"]);
    client.destroy();
    await once(res, "close");
    res.end("hello");
    assert.deepEqual([res.writableFinished, res.closed, answered()], [false, true, 0]);
  });

  it("nor when it was cut off right before the end", async () => {
    const { res, answered } = await connection();
    res.writeHead(200, "OK", ["Content-Length", "5"]);
    res.destroy();
    res.end("hello");
    await once(res, "close");
    assert.deepEqual([res.writableFinished, answered()], [false, 0]);
  });

  it("has the date of this very second", () => {
    const now = Date.UTC(2026, 10, 30, 12, 0, 0, 999);
    assert.equal(httpDate(now), "Mon, 30 Nov 2026 12:00:00 GMT");
    assert.equal(httpDate(now), "Mon, 30 Nov 2026 12:00:00 GMT");
    assert.equal(httpDate(now + 1), "Mon, 30 Nov 2026 12:00:01 GMT");
  });
});
