/**
 * The backend, a process of its own: constant answers, told apart by path; to `/echo` the request's own head, by which the
 * policy check sees what a server passed on. Bodies are counted and thrown away, a WebSocket's messages sent back. Tells its port.
 */
import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { echoPath } from "./policy-check.ts";

const headEnd = Buffer.from("\r\n\r\n");
const bodies = { "/hello": 20, "/page": 65_536, "/large": 10_485_760 };
const constants = Object.entries(bodies).map(([path, size]) => ({
  line: Buffer.from(`GET ${path} `),
  answer: answer(Buffer.alloc(size, "x")),
}));
const echoLine = Buffer.from(`GET ${echoPath} `);
const socketLine = Buffer.from("GET /socket ");
const received = answer(Buffer.from("received"));
const unknown = Buffer.from("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

function answer(body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const begins = (octets: Buffer, line: Buffer) => octets.subarray(0, line.length).equals(line);

/** A client asks again only when it has its answer: after a head and its body there is nothing more to read. */
function serve(socket: Socket): void {
  let pending: Buffer | undefined;
  let missing = 0;
  socket.on("data", (chunk) => {
    if (missing > 0) {
      missing -= chunk.length;
      if (missing === 0) socket.write(received);
      return;
    }
    const request = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
    const end = request.subarray(-4).equals(headEnd) ? request.length - 4 : request.indexOf(headEnd);
    pending = end < 0 ? request : undefined;
    if (end < 0) return;
    const constant = constants.find(({ line }) => begins(request, line));
    if (constant) socket.write(constant.answer);
    else if (begins(request, echoLine)) socket.write(answer(request));
    else if (begins(request, socketLine)) converse(socket, request.toString("latin1"));
    else {
      const length = /\r\ncontent-length: *(\d+)/i.exec(request.toString("latin1", 0, end))?.[1];
      missing = Number(length ?? 0) - (request.length - end - 4);
      if (missing === 0) socket.write(length === undefined ? unknown : received);
    }
  });
  socket.on("error", () => socket.destroy());
}

/** Short masked messages, one at a time, sent back as they are (RFC 6455 section 5). */
function converse(socket: Socket, head: string): void {
  const key = /\r\nsec-websocket-key: *(\S+)/i.exec(head)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const lines = ["Connection: Upgrade", "Upgrade: websocket", `Sec-WebSocket-Accept: ${accept}`];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
  let pending = Buffer.alloc(0);
  socket.removeAllListeners("data").on("data", (chunk) => {
    const frame = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const length = (frame[1] ?? 0) & 0x7f;
    const isWhole = frame.length >= 6 + length;
    pending = isWhole ? Buffer.alloc(0) : Buffer.from(frame);
    if (!isWhole) return;
    const reply = Buffer.allocUnsafe(2 + length);
    reply[0] = frame[0] ?? 0;
    reply[1] = length;
    for (let at = 0; at < length; at += 1) reply[2 + at] = (frame[6 + at] ?? 0) ^ (frame[2 + (at % 4)] ?? 0);
    socket.write(reply);
  });
}

const server = createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
process.on("disconnect", () => process.exit(0));
