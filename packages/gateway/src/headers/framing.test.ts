import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { framingOf } from "./framing.ts";

type Case = { method?: string; httpVersion?: string; coding?: string; length?: string };
const frame = ({ method = "GET", httpVersion = "1.1", coding, length }: Case) =>
  framingOf({ method, httpVersion, headers: { "transfer-encoding": coding, "content-length": length } });

const none = { body: "none", line: "" };
const empty = { body: "none", line: "Content-Length: 0\r\n" };
const chunked = { body: "chunked", line: "Transfer-Encoding: chunked\r\n" };

describe("a body is framed in our own words, whatever the method", () => {
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT", "PATCH", "PROPFIND"]) {
    it(method, () => {
      assert.deepEqual(frame({ method, coding: "chunked" }), chunked);
      assert.deepEqual(frame({ method, coding: "Chunked" }), chunked);
      assert.deepEqual(frame({ method, length: "5" }), { body: "length", line: "Content-Length: 5\r\n" });
      assert.deepEqual(frame({ method, length: "0" }), empty);
      assert.deepEqual(frame({ method }), ["POST", "PUT", "PATCH"].includes(method) ? empty : none);
    });
  }

  it("a length is written anew: no leading zeros reach anybody", () => {
    assert.deepEqual(frame({ length: "0005" }), { body: "length", line: "Content-Length: 5\r\n" });
    assert.deepEqual(frame({ length: "000" }), empty);
    assert.equal(frame({ length: "999999999999999" }).line, "Content-Length: 999999999999999\r\n");
  });

  it("HTTP/1.0 may have a length", () => {
    assert.deepEqual(frame({ httpVersion: "1.0", length: "5" }).body, "length");
    assert.deepEqual(frame({ httpVersion: "1.0" }), none);
  });
});

describe("a framing that could be read in two ways is refused", () => {
  const malformed: Record<string, Case> = {
    "both a length and a coding": { coding: "chunked", length: "5" },
    "both, the length being zero": { coding: "chunked", length: "0" },
    "a coding in HTTP/1.0": { httpVersion: "1.0", coding: "chunked" },
    "HTTP/0.9": { httpVersion: "0.9" },
    "HTTP/2.0": { httpVersion: "2.0" },
    "HTTP/1.2": { httpVersion: "1.2" },
    ...Object.fromEntries(
      ["", "+5", "-5", "0x5", "5 ", " 5", "5, 5", "5,6", "5;", "1e3", "5.0", "٥", "1".repeat(16), "NaN", "Infinity"].map((length) => [`the length ${JSON.stringify(length)}`, { length }]),
    ),
  }; // prettier-ignore
  for (const [what, request] of Object.entries(malformed)) {
    it(what, () => {
      assert.throws(() => frame(request), { code: "request-malformed" });
    });
  }
  for (const coding of ["", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked,", "identity", "chunked, identity", "xchunked", "chunked ", "\vchunked", '"chunked"', "chunked;q=1"]) {
    it(`the coding ${JSON.stringify(coding)}`, () => {
      assert.throws(() => frame({ coding }), { code: "transfer-coding-unsupported" });
    });
  } // prettier-ignore
});
