/** What an upstream can do wrong, as octets and silence. */
import type { Socket } from "node:net";

/** Stands in answers that belong to nobody: no client may ever read it. */
export const poison = "poison";

export type Fault = {
  /** What the upstream does. */
  readonly name: string;
  /** Does it, when a request has arrived. */
  readonly act: (socket: Socket) => void;
};

const ok = (lines: string, body = "hello") => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n${body}`;

/** Octets, and the connection stays open. */
const says = (name: string, octets: string): Fault => ({
  name,
  act: (socket) => socket.write(octets, "latin1"),
});

/** Octets, and the connection is closed in good order. */
const saysAndEnds = (name: string, octets: string): Fault => ({
  name,
  act: (socket) => socket.end(octets, "latin1"),
});

/** So many octets at a time. */
const drips = (name: string, octets: string, step: number, every: number): Fault => ({
  name,
  act(socket) {
    let at = 0;
    const timer = setInterval(() => {
      if (socket.writable && at < octets.length) socket.write(octets.slice(at, (at += step)), "latin1");
      else clearInterval(timer);
    }, every);
  },
});

export const faults: readonly Fault[] = [
  { name: "resets the connection", act: (socket) => socket.resetAndDestroy() },
  saysAndEnds("closes it without a word", ""),
  says("says nothing", ""),
  saysAndEnds("closes it in the middle of the head", "HTTP/1.1 200 OK\r\nContent-Le"),
  says("stops in the middle of the head", "HTTP/1.1 200 OK\r\nContent-Le"),
  drips("sends its head octet by octet, too slowly", ok("Content-Length: 5"), 1, 100),
  drips("sends its answer bit by bit, fast enough", ok("Content-Length: 5"), 5, 1),
  says("sends garbage", "\x16\x03\x01\0\x05\r\n\r\n"),
  says("sends another protocol's greeting", "SSH-2.0-OpenSSH_9.6\r\n\r\n"),
  says("ends lines by LF alone", `HTTP/1.1 200 OK\nContent-Length: 6\n\n${poison}`),
  says("sends status 000", `HTTP/1.1 000 OK\r\nContent-Length: 6\r\n\r\n${poison}`),
  says("sends status 099", `HTTP/1.1 099 OK\r\nContent-Length: 6\r\n\r\n${poison}`),
  says("sends a control octet in the reason", `HTTP/1.1 200 O\x01K\r\nContent-Length: 6\r\n\r\n${poison}`),
  says("sends a control octet in a value", ok("X-A: a\x1bb\r\nContent-Length: 6", poison)),
  says("switches protocols unasked", `HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n${poison}`),
  says("sends a head of a megabyte", ok(`X-A: ${"a".repeat(1 << 20)}\r\nContent-Length: 6`, poison)),
  says("sends interim answers without end", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1000)),
  says("frames its body twice", ok("Content-Length: 6\r\nTransfer-Encoding: chunked", `0\r\n\r\n${poison}`)),
  says("sends two lengths", ok("Content-Length: 5\r\nContent-Length: 6", poison)),
  says("sends two answers", ok("Content-Length: 5") + ok("Content-Length: 6", poison)),
  says("sends octets behind its answer", ok("Content-Length: 5", `hello${poison}`)),
  saysAndEnds("closes it in the middle of the body", ok("Content-Length: 10")),
  {
    name: "resets it in the middle of the body",
    act(socket) {
      socket.write(ok("Content-Length: 10"));
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
  },
  says("stops in the middle of the body", ok("Content-Length: 10")),
  saysAndEnds("closes it in the middle of a chunk", ok("Transfer-Encoding: chunked", "a\r\nhello")),
  saysAndEnds("closes it before the last chunk", ok("Transfer-Encoding: chunked", "5\r\nhello\r\n")),
  says("sends a chunk without a size", ok("Transfer-Encoding: chunked", "5\r\nhello\r\nzz\r\n")),
  saysAndEnds("ends its body by closing, without a length", ok("Connection: close")),
]; // prettier-ignore
