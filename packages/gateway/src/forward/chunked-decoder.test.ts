import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ChunkedDecoder } from "./chunked-decoder.ts";

type Result = { readonly content: string; readonly rest: string; readonly done: boolean };

function decode(pieces: readonly Buffer[]): Result {
  const decoder = new ChunkedDecoder();
  const content: Buffer[] = [];
  const rest: Buffer[] = [];
  for (const piece of pieces) {
    const end = decoder.done ? 0 : decoder.decode(piece, 0, (part) => content.push(Buffer.from(part)));
    if (!decoder.done) assert.equal(end, piece.length, "stops before the end only when the body is done");
    rest.push(piece.subarray(end));
  }
  return {
    content: Buffer.concat(content).toString("latin1"),
    rest: Buffer.concat(rest).toString("latin1"),
    done: decoder.done,
  };
}

/** The result, the same for the whole, for every split in two, and octet by octet. */
function decodeInEveryWay(text: string): Result {
  const octets = Buffer.from(text, "latin1");
  const whole = decode([octets]);
  for (let at = 0; at <= octets.length; at += 1) {
    assert.deepEqual(decode([octets.subarray(0, at), octets.subarray(at)]), whole, `split at ${at}`);
  }
  assert.deepEqual(decode(Array.from(octets, (octet) => Buffer.from([octet]))), whole, "octet by octet");
  return whole;
}

const longest = `7d0\r\n${"x".repeat(2000)}\r\n0\r\n\r\n`;

describe("a sound chunked body gives the same content wherever the network cuts it", () => {
  const bodies: Record<string, [body: string, content: string, rest?: string]> = {
    empty: ["0\r\n\r\n", ""],
    "many zeros": ["000000000000\r\n\r\n", ""],
    "one chunk": ["5\r\nGrace\r\n0\r\n\r\n", "Grace"],
    "two chunks": ["5\r\nGrace\r\n7\r\n Hopper\r\n0\r\n\r\n", "Grace Hopper"],
    "sizes in both cases and with zeros before": [
      "00a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
      "01234567890123456789",
    ],
    "content that looks like framing": ["7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"],
    "an extension": ['5;name=value;q="a;b"\r\nGrace\r\n0;last\r\n\r\n', "Grace"],
    trailers: ["5\r\nGrace\r\n0\r\nSSL_CLIENT_S_DN: CN=Mallory\r\nX: y\r\n\r\n", "Grace"],
    "the next answer behind it": ["1\r\na\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", "a", "HTTP/1.1 200 OK\r\n"],
    "a longer chunk": [longest, "x".repeat(2000)],
  };
  for (const [what, [body, content, rest = ""]] of Object.entries(bodies)) {
    it(what, () => {
      assert.deepEqual(decodeInEveryWay(body), { content, rest, done: true });
    });
  }

  it("begins where it is told to in a buffer", () => {
    const decoder = new ChunkedDecoder();
    const content: string[] = [];
    const buffer = Buffer.from("head\r\n\r\n3\r\nabc\r\n0\r\n\r\nrest");
    const end = decoder.decode(buffer, 8, (part) => content.push(part.toString()));
    assert.deepEqual([content, buffer.toString("latin1", end)], [["abc"], "rest"]);
  });
});

describe("a body that is cut is not done", () => {
  const body = "5\r\nGrace\r\n0\r\nX: y\r\n\r\n";
  it("wherever it is cut", () => {
    for (let length = 0; length < body.length; length += 1) {
      const { content, done } = decode([Buffer.from(body.slice(0, length))]);
      assert.equal(done, false, body.slice(0, length));
      assert.ok("Grace".startsWith(content));
    }
  });
});

describe("a broken chunked body is refused wherever the network cuts it", () => {
  const bodies: Record<string, string> = {
    "no size": "\r\nGrace",
    "no size, then data": "Grace",
    "a negative size": "-5\r\nGrace\r\n",
    "a signed size": "+5\r\nGrace\r\n",
    "0x": "0x5\r\nGrace\r\n",
    "a space before the size": " 5\r\nGrace\r\n",
    "a space behind the size": "5 \r\nGrace\r\n",
    "a tab behind the size": "5\t\r\nGrace\r\n",
    "an underscore": "1_0\r\n",
    "an octet that is a digit but for one bit": "\x15\r\n",
    "a grave accent, a letter but for one bit": "`\r\n",
    "a size of 13 digits": "0000000000005\r\nGrace\r\n",
    "a size that overflows": "ffffffffffffffff5\r\nGrace\r\n",
    "LF alone behind the size": "5\nGrace\r\n",
    "CR alone behind the size": "5\rGrace\r\n",
    "two CRs behind the size": "5\r\r\nGrace\r\n",
    "LF alone in an extension": "5;a\nGrace\r\n",
    "CR alone in an extension": "5;a\rb\r\nGrace\r\n",
    "NUL in an extension": "5;\0\r\nGrace\r\n",
    "nothing between data and the next size": "5\r\nGrace0\r\n\r\n",
    "LF alone behind the data": "5\r\nGrace\n0\r\n\r\n",
    "CR alone behind the data": "5\r\nGrace\r0\r\n\r\n",
    "more data than announced": "5\r\nGrace Hopper\r\n0\r\n\r\n",
    "LF alone behind the last size": "0\n\r\n",
    "LF alone at the very end": "0\r\n\n",
    "CR and something else at the very end": "0\r\n\rX",
    "LF alone behind a trailer": "0\r\nX: y\n\r\n",
    "CR alone in a trailer": "0\r\nX: y\rZ: a\r\n\r\n",
    "NUL in a trailer": "0\r\nX: \0\r\n\r\n",
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(what, () => {
      const octets = Buffer.from(body, "latin1");
      for (let at = 0; at <= octets.length; at += 1) {
        assert.throws(() => decode([octets.subarray(0, at), octets.subarray(at)]), {
          name: "Refusal",
          code: "upstream-invalid",
        });
      }
    });
  }

  it("endless extensions and trailers, in one line or in many", () => {
    const much = "x".repeat(16_385);
    const small = `1;${"x".repeat(2000)}\r\na\r\n`;
    for (const body of [`1;${much}`, `0\r\nX: ${much}`, small.repeat(9), `0\r\n${"X: y\r\n".repeat(5000)}`]) {
      assert.throws(() => decode([Buffer.from(body)]), { code: "upstream-invalid" });
    }
    assert.equal(decode([Buffer.from(`1;${"x".repeat(16_000)}\r\na\r\n0\r\n\r\n`)]).content, "a");
  });
});

describe("trailers", () => {
  const body = Buffer.from("1\r\na\r\n0\r\nX-Sum: 1\r\nX-\xe9: \t\r\n\r\nnext", "latin1");
  it("are collected line by line where they are of interest, however they are cut into pieces", () => {
    for (let at = 0; at <= body.length; at += 1) {
      const decoder = new ChunkedDecoder(true);
      const first = decoder.decode(body.subarray(0, at), 0, () => undefined);
      const rest = body.subarray(first);
      const read = first + (decoder.done ? 0 : decoder.decode(rest, 0, () => undefined));
      assert.deepEqual(decoder.trailers, ["X-Sum: 1", "X-\xe9: \t"]);
      assert.equal(read, body.length - "next".length);
    }
  });
  it("are skipped where they are not", () => {
    const decoder = new ChunkedDecoder();
    decoder.decode(body, 0, () => undefined);
    assert.deepEqual([decoder.done, decoder.trailers], [true, []]);
  });
});
