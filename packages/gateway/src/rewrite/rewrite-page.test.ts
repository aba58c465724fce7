import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Duplex } from "node:stream";
import { rewritePage } from "./rewrite-page.ts";
import { flask, host } from "./testing/rewritten.ts";

type Head = Parameters<typeof rewritePage>[0];

const page: Head = { status: 200, body: "length", length: 100 };
const html = ["Content-Type", "text/html; charset=utf-8"];

function rewrite(head: Partial<Head>, headers: readonly string[], ifNoneMatch?: string): { stages: readonly Duplex[]; headers: string[] } {
  const changed = [...headers];
  const stages = rewritePage({ ...page, ...head }, changed, ifNoneMatch, { mapping: flask, host });
  return { stages, headers: changed };
} // prettier-ignore

describe("the head of a page that is rewritten", () => {
  it("tells nothing about the octets any more, and the rest as it was", () => {
    const before = [...html, "Content-Length", "100", "ETag", '"a"', "Last-Modified", "x", "Accept-Ranges", "bytes", "Content-MD5", "x", "Digest", "x", "Repr-Digest", "x", "content-digest", "x", "Vary", "Accept-Encoding", "Cache-Control", "no-cache"]; // prettier-ignore
    const after = [...html, "ETag", 'W/"a"', "Last-Modified", "x", "Accept-Ranges", "none", "Vary", "Accept-Encoding", "Cache-Control", "no-cache"]; // prettier-ignore
    const { stages, headers } = rewrite({}, before);
    assert.equal(stages.length, 1);
    assert.deepEqual(headers, after);
    const head = rewrite({ body: "none" }, before);
    assert.deepEqual([head.stages, head.headers], [[], after], "an answer to HEAD says the same");
  });
  it("keeps a weak ETag", () => {
    assert.deepEqual(rewrite({}, [...html, "ETag", 'W/"a"']).headers, [...html, "ETag", 'W/"a"']);
  });
  it("keeps its coding, which is read and written again", () => {
    for (const coding of ["gzip", "br", "zstd", "GZIP"]) {
      const { stages, headers } = rewrite({}, [...html, "Content-Encoding", coding]);
      assert.equal(stages.length, 3);
      assert.deepEqual(headers, [...html, "Content-Encoding", coding]);
    }
    assert.equal(rewrite({}, [...html, "Content-Encoding", "identity"]).stages.length, 1);
  });
});

it("what is a page", () => {
  for (const type of ["text/html", "TEXT/HTML", "text/html;charset=x", "application/xhtml+xml", "text/html ; x=y"])
    assert.equal(rewrite({}, ["content-type", type]).stages.length, 1, type);
  for (const [name, head, headers] of [
    ["an event stream", {}, ["Content-Type", "text/event-stream"]],
    ["JSON", {}, ["Content-Type", "application/json"]],
    ["XML", {}, ["Content-Type", "application/xml"]],
    ["what is like it", {}, ["Content-Type", "text/htmlx"]],
    ["no type", {}, []],
    ["two types", {}, ["Content-Type", "text/html", "Content-Type", "text/plain"]],
    ["a part", { status: 206 }, [...html, "Content-Range", "bytes 0-1/2"]],
    ["parts", { status: 206 }, ["Content-Type", "multipart/byteranges; boundary=x"]],
    ["nothing", { length: 0 }, html],
    ["204", { status: 204, body: "none" }, html],
    ["an unknown coding", {}, [...html, "Content-Encoding", "compress"]],
    ["two codings", {}, [...html, "Content-Encoding", "gzip", "Content-Encoding", "br"]],
    ["what must not be transformed", {}, [...html, "Cache-Control", "max-age=1, no-transform"]],
  ] as const) {
    const whole = [...headers, "ETag", '"a"', "Content-Length", "100", "Accept-Ranges", "bytes"];
    const answer = rewrite(head, whole);
    assert.deepEqual([answer.stages, answer.headers], [[], whole], name);
  }
}); // prettier-ignore

it("a 304 has the ETag that the client has", () => {
  const answer = ["ETag", '"a"'];
  assert.deepEqual(rewrite({ status: 304, body: "none" }, answer, 'W/"a"').headers, ["ETag", 'W/"a"']);
  assert.deepEqual(rewrite({ status: 304, body: "none" }, answer, '"a"').headers, answer, "it was no page");
  assert.deepEqual(rewrite({ status: 304, body: "none" }, answer).headers, answer);
});
