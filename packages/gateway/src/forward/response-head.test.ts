import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "@sallyport/identity/testing/cpu-time";
import { parseResponseHead } from "./response-head.ts";

const head = (...lines: string[]) => lines.join("\r\n");
const parse = (lines: string[], method = "GET") => parseResponseHead(head(...lines), method);
const ok = "HTTP/1.1 200 OK";

describe("a sound head is read exactly", () => {
  it("status, reason and header lines come as they were sent", () => {
    assert.deepEqual(parse([ok, "Content-Type: text/html", "X-A:b", "x-a: \t c d \t", "X-Empty:", "Content-Length: 5"]), {
      status: 200,
      reason: "OK",
      headers: ["Content-Type", "text/html", "X-A", "b", "x-a", "c d", "X-Empty", "", "Content-Length", "5"],
      body: "length",
      length: 5,
      persistent: true,
      keepAlive: undefined,
    }); // prettier-ignore
  });

  it("status lines of every sound form", () => {
    const forms: [line: string, status: number, reason: string][] = [
      ["HTTP/1.1 200 OK", 200, "OK"],
      ["HTTP/1.1 200 ", 200, ""],
      ["HTTP/1.1 200", 200, ""],
      ["HTTP/1.0 404 Not Found", 404, "Not Found"],
      ["HTTP/1.1 599 caf\xc3\xa9\t!", 599, "caf\xc3\xa9\t!"],
      ["HTTP/1.1 100 Continue", 100, "Continue"],
    ];
    for (const [line, status, reason] of forms) {
      const read = parse([line]);
      assert.deepEqual([read.status, read.reason], [status, reason], line);
    }
  });

  it("no octet of a value is lost, the last of a UTF-8 character included", () => {
    for (const value of ["/caf\xc3\xa0", "\xa0x", "x\x85", "\xc3\xa9", '"a:b"; c=d', ": x"]) {
      assert.deepEqual(parse([ok, `X-Value: ${value}`]).headers, ["X-Value", value]);
    }
  });

  it("odd names are names", () => {
    for (const name of ["__proto__", "constructor", "!#$%&'*+.^_`|~", "0"]) {
      assert.deepEqual(parse([ok, `${name}: x`]).headers, [name, "x"]);
    }
  });

  it("tells where the body ends", () => {
    const ends: [lines: string[], method: string, body: string, length: number][] = [
      [[ok], "GET", "close", 0],
      [[ok, "Content-Length: 0"], "GET", "length", 0],
      [[ok, "content-length: 999999999999999"], "GET", "length", 999_999_999_999_999],
      [[ok, "Transfer-Encoding: chunked"], "GET", "chunked", 0],
      [[ok, "transfer-encoding: Chunked"], "POST", "chunked", 0],
      [[ok, "Content-Length: 5"], "HEAD", "none", 5],
      [[ok, "Transfer-Encoding: chunked"], "HEAD", "none", 0],
      [["HTTP/1.1 204 No Content"], "GET", "none", 0],
      [["HTTP/1.1 304 Not Modified", "Content-Length: 5"], "GET", "none", 5],
      [["HTTP/1.1 103 Early Hints", "Link: </x>"], "GET", "none", 0],
      [["HTTP/1.1 101 Switching Protocols"], "GET", "none", 0],
      [["HTTP/1.0 200 OK"], "GET", "close", 0],
    ];
    for (const [lines, method, body, length] of ends) {
      const read = parse(lines, method);
      assert.deepEqual([read.body, read.length], [body, length], lines.join(" | "));
    }
  });

  it("a length is kept for HEAD and 304, and dropped where there can be none", () => {
    assert.deepEqual(parse([ok, "Content-Length: 5"], "HEAD").headers, ["Content-Length", "5"]);
    assert.deepEqual(parse(["HTTP/1.1 304 x", "Content-Length: 5"]).headers, ["Content-Length", "5"]);
    for (const status of [100, 101, 103, 199, 204]) {
      const read = parse([`HTTP/1.1 ${status} x`, "CONTENT-length: 5", "X-A: b"]);
      assert.deepEqual([read.body, read.headers], ["none", ["X-A", "b"]]);
    }
  });

  it("hop-by-hop lines and what Connection names stay here", () => {
    const read = parse([ok, "Connection: X-Hop, keep-alive", "x-HOP: 1", "X-Stay: 2", "Keep-Alive: timeout=5, max=100", "Proxy-Connection: x", "TE: x", "Trailer: X", "Upgrade: h2c", "Proxy-Authenticate: Basic", "Transfer-Encoding: chunked", "Set-Cookie: a", "Set-Cookie: b"]); // prettier-ignore
    assert.deepEqual(read.headers, ["X-Stay", "2", "Set-Cookie", "a", "Set-Cookie", "b"]);
    assert.equal(read.keepAlive, 5);
  });

  it("Connection cannot take the length away", () => {
    const read = parse([ok, "Connection: Content-Length", "Content-Length: 5"]);
    assert.deepEqual([read.headers, read.body, read.length], [["Content-Length", "5"], "length", 5]);
  });

  it("a connection that says close, or speaks HTTP/1.0, is not used again", () => {
    assert.equal(parse([ok]).persistent, true);
    assert.equal(parse([ok, "Connection: keep-alive"]).persistent, true);
    for (const line of ["close", "Close", "keep-alive, close", "close,X", " , close"]) {
      assert.equal(parse([ok, `Connection: ${line}`]).persistent, false, line);
    }
    assert.equal(parse([ok, "Connection: x", "connection: CLOSE"]).persistent, false);
    assert.equal(parse(["HTTP/1.0 200 OK", "Connection: keep-alive"]).persistent, false);
    assert.equal(parse([ok, "Keep-Alive: timeout=x"]).keepAlive, undefined);
  });

  it("names keep their meaning when more have been seen than are remembered", () => {
    for (let at = 0; at < 1500; at += 1) parse([ok, `X-Unheard-${at}: x`]);
    assert.equal(parse([ok, "CoNtEnT-LeNgTh: 5"]).length, 5);
    assert.throws(() => parse([ok, "cOnTeNt-lEnGtH: 5", "Content-Length: 6"]), { code: "upstream-invalid" });
  });
});

describe("on any doubt there is no answer", () => {
  const statusLines = ["", " ", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1 000 x", "HTTP/1.1 099 x", "HTTP/1.1 600 x", "HTTP/1.1 999 x", "HTTP/1.1 +20 x", "HTTP/1.1 2e2 x", "HTTP/1.1 -200 x", "HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1 200OK", "HTTP/1.1 200\tOK", "HTTP/1.2 200 OK", "HTTP/2.0 200 OK", "HTTP/2 200", "HTTP/0.9 200 OK", "HTTP/11 200 OK", "http/1.1 200 OK", "HTTPS/1.1 200 OK", "XHTTP/1.1 200 OK", " HTTP/1.1 200 OK", "ICY 200 OK", "200 OK", "<html>", "\x16\x03\x01", "GET / HTTP/1.1", "HTTP/1.1 ٢٠٠ OK"]; // prettier-ignore
  for (const line of statusLines) {
    it(`the status line ${JSON.stringify(line)}`, () => {
      assert.throws(() => parse([line, "Content-Length: 0"]), { name: "Refusal", code: "upstream-invalid" });
    });
  }

  const lines: Record<string, string[]> = {
    "a line without a colon": ["X-A"],
    "a line without a name": [": x"],
    "an empty line in the middle": ["", "X-A: b"],
    "a name with a space behind": ["X-A : b"],
    "a name with a tab behind": ["Content-Length\t: 5"],
    "a name with a space before (a folded line)": ["X-A: b", " Content-Length: 5"],
    "a folded line that starts with a tab": ["X-A: b", "\tc"],
    "a name with a space inside": ["X A: b"],
    "a name in quotes": ['"X-A": b'],
    "a name with a slash": ["X/A: b"],
    "a name beyond ASCII": ["X-\xc4: b"],
    "a no-break space before the name": ["\xa0Content-Length: 5"],
    "a bare CR in a value": ["X-A: b\rc"],
    "a bare LF in a value": ["X-A: b\nSet-Cookie: c"],
    "a CR at the end of a line": ["X-A: b\r"],
    "NUL in a value": ["X-A: b\0c"],
    "a backspace": ["X-A: \b"],
    ESC: ["X-A: \x1b[2J"],
    DEL: ["X-A: \x7f"],
    "a vertical tab": ["X-A:\vb"],
    "a form feed": ["Content-Length:\f5"],
    "two lengths": ["Content-Length: 5", "Content-Length: 6"],
    "two lengths that agree": ["Content-Length: 5", "content-length: 5"],
    "a list of lengths": ["Content-Length: 5, 5"],
    "a negative length": ["Content-Length: -5"],
    "a signed length": ["Content-Length: +5"],
    "a hexadecimal length": ["Content-Length: 0x5"],
    "an empty length": ["Content-Length:"],
    "a length with a space inside": ["Content-Length: 5 0"],
    "a length in other digits": ["Content-Length: \xb2"],
    "a length with a no-break space": ["Content-Length: 5\xa0"],
    "a length of 16 digits": [`Content-Length: ${"9".repeat(16)}`],
    "a length in words": ["Content-Length: five"],
    "a length and a coding": ["Content-Length: 5", "Transfer-Encoding: chunked"],
    "a coding and a length": ["Transfer-Encoding: chunked", "Content-Length: 5"],
    "another coding": ["Transfer-Encoding: gzip"],
    "two codings": ["Transfer-Encoding: gzip, chunked"],
    "chunked twice": ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    "chunked twice in a line": ["Transfer-Encoding: chunked, chunked"],
    "chunked with something behind": ["Transfer-Encoding: chunked;x"],
    "chunked with a no-break space": ["Transfer-Encoding: chunked\xa0"],
    "an empty coding": ["Transfer-Encoding:"],
    identity: ["Transfer-Encoding: identity"],
  };
  for (const [what, more] of Object.entries(lines)) {
    it(what, () => {
      assert.throws(() => parse([ok, ...more]), { name: "Refusal", code: "upstream-invalid" });
    });
  }

  it("a coding in HTTP/1.0", () => {
    assert.throws(() => parse(["HTTP/1.0 200 OK", "Transfer-Encoding: chunked"]), {
      code: "upstream-invalid",
    });
  });

  it("a control character in the reason", () => {
    for (const character of "\0\x01\x08\v\f\r\n\x1b\x7f") {
      assert.throws(() => parse([`HTTP/1.1 200 O${character}K`]), { code: "upstream-invalid" });
    }
  });

  it("and that is found out at once, however long the head", () => {
    for (const part of ["\t", " ", "\r\nX: y", "\r\n", ",", "\xa0", "a ", "close,"]) {
      const started = cpuTime();
      try {
        parse([ok, `Connection: a${part.repeat(32_768 / part.length)}b`]);
      } catch {
        // sound or not: only the time counts here
      }
      assert.ok(cpuTime() - started < 300, JSON.stringify(part));
    }
  });
});
