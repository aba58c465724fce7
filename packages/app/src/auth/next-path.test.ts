import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nextPath } from "./next-path.ts";

describe("a path of this app is kept", () => {
  const kept: [next: string, path: string][] = [
    ["/", "/"],
    ["/entry", "/entry"],
    ["/entry?x=1&y=%2F%2Fevil.test", "/entry?x=1&y=%2F%2Fevil.test"],
    ["/entry#form", "/entry#form"],
    ["/a/../entry", "/entry"],
    ["/%2f%2fevil.test", "/%2f%2fevil.test"],
    ["/%5cevil.test", "/%5cevil.test"],
    ["/x//evil.test", "/x//evil.test"],
    ["/@evil.test", "/@evil.test"],
    ["/entry?next=https://evil.test/", "/entry?next=https://evil.test/"],
    ["/é", "/%C3%A9"],
    ["/a b", "/a%20b"],
  ];
  for (const [next, path] of kept) {
    it(JSON.stringify(next), () => {
      assert.equal(nextPath(next), path);
    });
  }
});

describe("what could be another site's address is not", () => {
  const refused = [
    undefined,
    "",
    ["/entry", "/entry"],
    { path: "/entry" },
    "entry",
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "\\/evil.test",
    "https://evil.test/",
    "https:evil.test",
    "HTTPS://evil.test",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:x@evil.test",
    " //evil.test",
    "\t//evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r\n/evil.test",
    "/\r\nSet-Cookie: a=b",
    "/\u0000/evil.test",
    "/x\\..\\..\\evil.test",
    "/.//evil.test",
    "/..//evil.test",
    "/a/..//evil.test",
    "/%2e//evil.test",
    "/\ud800",
    "http://here.invalid/entry",
    "https://here.invalid.evil.test/",
    "@evil.test",
    "?next=/",
    "#x",
    `/${"x".repeat(2048)}`,
  ];
  for (const next of refused) {
    it(JSON.stringify([next]).slice(1, 50), () => {
      assert.equal(nextPath(next), undefined);
    });
  }
});
