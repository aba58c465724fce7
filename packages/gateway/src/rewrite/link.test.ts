import assert from "node:assert/strict";
import { it } from "node:test";
import { rewriteLink } from "./link.ts";

const place = {
  mapping: { prefix: "/flask/", basePath: "/", authorities: ["127.0.0.1:5000"] },
  host: "flask.local",
};

const table: readonly (readonly [value: string, expected: string])[] = [
  ["</x>", "</flask/x>"],
  ["</a.css>; rel=preload; as=style, <http://127.0.0.1:5000/b>; rel=next", "</flask/a.css>; rel=preload; as=style, </flask/b>; rel=next"],
  ["<https://other.example/x>; rel=canonical", "<https://other.example/x>; rel=canonical"],
  ["<x>; title=\"</y>\"; anchor=\"/z\"", "<x>; title=\"</y>\"; anchor=\"/flask/z\""],
  ["<x>; title=\"a \\\" </y>\", </z>", "<x>; title=\"a \\\" </y>\", </flask/z>"],
  ["<>; rel=preload; imagesrcset=\"/a 1x, /b 2x\"", "<>; rel=preload; imagesrcset=\"/flask/a 1x, /flask/b 2x\""],
  ["<x>; anchor=/z; rel=next", "<x>; anchor=/flask/z; rel=next"],
  ["<x>; title=\"; anchor=/z\"", "<x>; title=\"; anchor=/z\""],
  ["</flask/x>", "</flask/x>"],
  ["<//other/x>", "<//other/x>"],
  ["", ""],
]; // prettier-ignore
for (const [value, expected] of table) {
  it(`Link: ${value}`, () => {
    assert.equal(rewriteLink(value, place), expected);
  });
}

it("a line that is no Link takes no longer than its length", () => {
  for (const value of ["<".repeat(32_000), `"${'\\"'.repeat(16_000)}`, "; anchor".repeat(4_000)])
    assert.equal(rewriteLink(value, place), value);
});
