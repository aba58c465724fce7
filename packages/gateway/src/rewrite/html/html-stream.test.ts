import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { flask, host } from "../testing/rewritten.ts";
import { htmlStream } from "./html-stream.ts";

async function through(pieces: readonly Buffer[], charset?: string): Promise<Buffer> {
  const stream = htmlStream({ mapping: flask, host }, "html", charset);
  const done = stream.toArray() as Promise<Buffer[]>;
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return Buffer.concat(await done);
}

const page = "<p title=é日😀>\ud800<a href='/x'>";
const expected = page.replace("/x", "/flask/x");
const bigEndian = (text: string) => Buffer.from(text, "utf16le").swap16();

describe("a page in its own encoding", () => {
  const cases: readonly (readonly [name: string, before: Buffer, after: Buffer, charset?: string])[] = [
    ["UTF-8", Buffer.from(page), Buffer.from(expected), "utf-8"],
    ["UTF-8 with its mark", Buffer.from(`\ufeff${page}`), Buffer.from(`\ufeff${expected}`), "utf-16le"],
    ["UTF-16, little end first", Buffer.from(page, "utf16le"), Buffer.from(expected, "utf16le"), "UTF-16"],
    ["UTF-16, big end first", bigEndian(page), bigEndian(expected), "utf-16be"],
    ["UTF-16 by its mark", Buffer.from(`\ufeff${page}`, "utf16le"), Buffer.from(`\ufeff${expected}`, "utf16le"), "utf-8"],
    ["UTF-16 by its mark, big end first", bigEndian(`\ufeff${page}`), bigEndian(`\ufeff${expected}`)],
    ["half a unit at the end", Buffer.concat([bigEndian(page), Buffer.from("x")]), Buffer.concat([bigEndian(expected), Buffer.from("x")]), "utf-16be"],
    ["Shift_JIS, with octets that look like a backslash", Buffer.from("<p title='\x95\x5c'><a href='/\x95\x5c'>", "latin1"), Buffer.from("<p title='\x95\x5c'><a href='/flask/\x95\x5c'>", "latin1"), "shift_jis"],
    ["no encoding at all", Buffer.from("\xff\xf8\x80<a href=/\xff>", "latin1"), Buffer.from("\xff\xf8\x80<a href=/flask/\xff>", "latin1")],
    ["a charset that nobody knows", Buffer.from("<a href=/x>"), Buffer.from("<a href=/flask/x>"), "nothing"],
    ["two octets", Buffer.from("<a"), Buffer.from("<a")],
    ["one octet", Buffer.from("x"), Buffer.from("x")],
    ["nothing", Buffer.alloc(0), Buffer.alloc(0)],
  ];
  for (const [name, before, after, charset] of cases) {
    it(name, async () => {
      assert.deepEqual(await through([before], charset), after);
      const octets = [...before].map((octet) => Buffer.from([octet]));
      assert.deepEqual(await through(octets, charset), after, "octet by octet");
    });
  }
}); // prettier-ignore

it("a tag that is whole is passed on at once", async () => {
  const stream = htmlStream({ mapping: flask, host }, "html", undefined);
  stream.write("<p>one</p><a href=/x><a hr");
  const [first] = (await once(stream, "data")) as [Buffer];
  assert.equal(first.toString(), "<p>one</p><a href=/flask/x>");
});
