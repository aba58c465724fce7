import assert from "node:assert/strict";
import { it } from "node:test";
import { contentCoding, onlyReadable } from "./content-coding.ts";

it("asks for what the client takes and we can read, and for nothing else", () => {
  const table: readonly (readonly [asked: string, passed: string])[] = [
    ["gzip, deflate, br, zstd", "gzip, br, zstd"],
    ["gzip;q=0.5, br;q=1.0, *;q=0", "gzip;q=0.5, br;q=1.0"],
    ["dcb, dcz", "identity"],
    ["*", "identity"],
    ["", "identity"],
    ["identity", "identity"],
    ["X-GZIP", "X-GZIP"],
  ];
  for (const [asked, passed] of table)
    assert.equal(onlyReadable(`A: b\r\naccept-encoding: ${asked}\r\nC: gzip, x\r\n`), `A: b\r\naccept-encoding: ${passed}\r\nC: gzip, x\r\n`); // prettier-ignore
  assert.equal(onlyReadable("Accept: x\r\n"), "Accept: x\r\n", "who asks for nothing still does");
});

for (const name of ["gzip", "x-gzip", "br", "zstd", "GZIP"]) {
  it(`${name}: what was encoded is read again, and each piece leaves as it comes`, async () => {
    const coding = contentCoding(name);
    assert.ok(coding);
    const encoder = coding.encode();
    const decoder = encoder.pipe(coding.decode());
    const pieces = decoder[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const next = async () => String(((await pieces.next()) as { value?: Buffer }).value);
    encoder.write("first");
    assert.equal(await next(), "first");
    encoder.end("second");
    assert.equal(await next(), "second");
    assert.equal(await next(), "undefined", "that was all");
  });
}

it("knows no other", () => {
  for (const name of ["compress", "dcb", "gzip, br", "identity", "constructor"])
    assert.equal(contentCoding(name), undefined);
});
