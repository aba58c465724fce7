import assert from "node:assert/strict";
import { it } from "node:test";
import { rewriteRefresh } from "./refresh.ts";

const place = {
  mapping: { prefix: "/flask/", basePath: "/", authorities: ["127.0.0.1:5000"] },
  host: "flask.local",
};

const table: readonly (readonly [value: string, expected: string])[] = [
  ["5; url=/x", "5; url=/flask/x"],
  ["0;URL='/x'", "0;URL='/flask/x'"],
  ['1, Url = "/x" ignored', '1, Url = "/flask/x" ignored'],
  ["5; /x", "5; /flask/x"],
  ["5 /x", "5 /flask/x"],
  [" .5;url=/x", " .5;url=/flask/x"],
  ["5; url='/x", "5; url='/flask/x"],
  ["0;url=http://127.0.0.1:5000/x", "0;url=/flask/x"],
  ...["5", "", "/x", "x; url=/x", "5; url=x", "5; url=//other/x", "0; url=https://other.example/", "5; url=/flask/x", "5url=/x", "5; url=javascript:'/x'"].map((value) => [value, value] as const),
]; // prettier-ignore
for (const [value, expected] of table) {
  it(`Refresh: ${value || "(empty)"}`, () => {
    assert.equal(rewriteRefresh(value, place), expected);
  });
}
