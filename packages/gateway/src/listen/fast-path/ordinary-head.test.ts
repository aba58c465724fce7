import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readOrdinaryHead } from "./ordinary-head.ts";

const most = 200;
const read = (text: string) => readOrdinaryHead(Buffer.from(text, "latin1"), most);
const get = (...lines: string[]) =>
  `GET / HTTP/1.1\r\n${["Host: x", ...lines].map((line) => `${line}\r\n`).join("")}\r\n`;

/** That Node's parser reads them alike is asked of many more: `test/e2e/the-fast-path-reads-as-node-reads`. */
describe("a head is ordinary", () => {
  it("with a method, path and query, and lines whose values lose the blanks around them alone", () => {
    const head = read("DELETE /a%20b/?c=d&e HTTP/1.1\r\nHost: x\r\nX-A:\t a\tb \r\nX-B:\r\nX-C: \xa0\xa0\r\n\r\n");
    assert.deepEqual(head, {
      method: "DELETE",
      url: "/a%20b/?c=d&e",
      rawHeaders: ["Host", "x", "X-A", "a\tb", "X-B", "", "X-C", "\xa0\xa0"],
      headers: {},
      persistent: true,
    });
  }); // prettier-ignore

  it("when it says whether the connection goes on, in one word", () => {
    assert.equal(read(get("Connection: Keep-Alive"))?.persistent, true);
    assert.equal(read(get("Connection: CLOSE"))?.persistent, false);
  });
});

describe("a head is not ordinary", () => {
  const others = {
    "not whole": get().slice(0, -2),
    "with something behind it": `${get()}G`,
    "two of them": get() + get(),
    "without a line": "GET / HTTP/1.1\r\n\r\n",
    "behind an empty line": `\r\n${get()}`,
    "too large": get(`X-A: ${"a".repeat(most)}`),
    "of another version": get().replace("1.1", "1.0"),
    "with another method": get().replace("GET", "CONNECT"),
    "with a target of another form": get().replace("/", "http://x/"),
    "with a fragment": get().replace("/", "/#a"),
    "with two blanks": get().replace(" ", "  "),
    "with a body, empty too": get("Content-Length: 0"),
    "with a body in chunks": get("Transfer-Encoding: chunked"),
    "that waits": get("Expect: 100-continue"),
    "with other words about its connection": get("Connection: close, X-A"),
    "with two lines about its connection": get("Connection: close", "Connection: close"),
    "with words about it in a line that is no standard": get("Proxy-Connection: close"),
    "with a folded line": get("X-A: a", " b"),
    "with a blank before a colon": get("X-A : a"),
    "with a line without a name": get(": a"),
    "with a line without a colon": get("X-A"),
    "with a NUL": get("X-A: \0"),
    "with a LF alone": get("X-A: a\nX-B: b"),
    "with a CR alone": get("X-A: a\rb"),
  };
  for (const [name, text] of Object.entries(others))
    it(name, () => {
      assert.equal(read(text), undefined);
    });
});
