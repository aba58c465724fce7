import assert from "node:assert/strict";
import { it } from "node:test";
import { answers } from "./answers.ts";

const good = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

function told(...pieces: string[]): boolean[] {
  const found: boolean[] = [];
  const take = answers((isGood) => found.push(isGood));
  for (const piece of pieces) take(Buffer.from(piece));
  return found;
}

it("knows a whole answer, wherever it is cut", () => {
  for (let at = 1; at < good.length; at += 1)
    assert.deepEqual(told(good.slice(0, at), good.slice(at)), [true]);
  assert.deepEqual(told(...Array.from(good)), [true]);
});

it("knows one answer behind the other", () => {
  assert.deepEqual(told(good, good, good.slice(0, -1)), [true, true]);
});

it("takes nothing else for good", () => {
  assert.deepEqual(told(good.replace("200 OK", "502 Bad Gateway")), [false]);
  assert.deepEqual(told(`${good}more`), [false]);
  assert.deepEqual(told("HTTP/1.1 200 OK\r\n\r\n"), [false]);
});
