import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isBare, routeFinder, upstreamPath } from "./routes.ts";

const routes = ["/flask/admin/", "/flask/", "/a.b/"].map((prefix) => ({ prefix, basePath: "/" }));
const find = routeFinder(routes);
const prefixOf = (path: string) => find(path)?.prefix;

describe("routeFinder", () => {
  const cases: Record<string, string | undefined> = {
    "/flask/": "/flask/",
    "/flask/x": "/flask/",
    "/flask": "/flask/",
    "/flask//x": "/flask/",
    "/flask/admin": "/flask/admin/",
    "/flask/admin/x": "/flask/admin/",
    "/flask/administrator": "/flask/",
    "/flask/Admin/": "/flask/",
    "/a.b/x": "/a.b/",
    "/axb/x": undefined,
    "/": undefined,
    "/flas": undefined,
    "/flaskx": undefined,
    "/flask.": undefined,
    "/Flask/": undefined,
    "/%66lask/": undefined,
    "//flask/": undefined,
    "/x/flask/": undefined,
    "": undefined,
  };
  for (const [path, prefix] of Object.entries(cases)) {
    it(`${JSON.stringify(path)} -> ${prefix ?? "none"}`, () => {
      assert.equal(prefixOf(path), prefix);
    });
  }

  it("a route at / takes everything", () => {
    const all = [{ prefix: "/", basePath: "/" }];
    for (const path of ["/", "/x", "/flask/"]) assert.equal(routeFinder(all)(path), all[0]);
    assert.equal(isBare("/", ""), true);
    assert.equal(isBare("/", "/"), false);
  });

  it("finds what a look at each of them finds, the longest first", () => {
    const segments = fc.array(fc.constantFrom("a", "b", "ab", "."), { maxLength: 4 });
    const prefix = segments.map((parts) => `/${parts.map((part) => `${part}/`).join("")}`);
    const path = fc.tuple(segments, fc.constantFrom("", "/", "//")).map(([parts, end]) => `/${parts.join("/")}${end}`);
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 8 }), path, (prefixes, wanted) => {
        const all = prefixes.map((each) => ({ prefix: each, basePath: "/" }));
        const longestFirst = all.toSorted((a, b) => b.prefix.length - a.prefix.length);
        const expected = longestFirst.find((each) => wanted.startsWith(each.prefix) || isBare(each.prefix, wanted));
        assert.equal(routeFinder(all)(wanted), expected);
      }),
      { numRuns: 2_000 },
    );
  }); // prettier-ignore

  it("looks no further than the deepest prefix, however long a path is", () => {
    const many = Array.from({ length: 1_000 }, (_, at) => ({ prefix: `/app${at}/`, basePath: "/" }));
    const among = routeFinder(many);
    assert.equal(among("/app999/x"), many[999]);
    assert.equal(among(`/app500${"/".repeat(8_000)}`), many[500]);
  });
});

it("isBare is true of the prefix without its slash alone", () => {
  assert.equal(isBare("/flask/", "/flask"), true);
  for (const path of ["/flask/", "/flasx", "/flas", "/Flask", "/flask/x"])
    assert.equal(isBare("/flask/", path), false);
});

describe("upstreamPath replaces the prefix by the base path and changes nothing else", () => {
  const cases: [prefix: string, basePath: string, path: string, expected: string][] = [
    ["/flask/", "/", "/flask/", "/"],
    ["/flask/", "/", "/flask/x/y", "/x/y"],
    ["/flask/", "/", "/flask/%2F", "/%2F"],
    ["/flask/", "/", "/flask/http://evil/x", "/http://evil/x"],
    ["/flask/", "/app/", "/flask/x", "/app/x"],
    ["/flask/", "/app/", "/flask//x", "/app//x"],
    ["/", "/", "/x", "/x"],
    ["/", "/app/", "/x", "/app/x"],
    ["/flask/", "/", "/flask/flask/x", "/flask/x"],
  ];
  for (const [prefix, basePath, path, expected] of cases) {
    it(`${prefix} at ${basePath}: ${path} -> ${expected}`, () => {
      assert.equal(upstreamPath({ prefix, basePath }, path), expected);
    });
  }

  it("refuses what would read as another host's address", () => {
    for (const [prefix, path] of [["/flask/", "/flask//evil/x"], ["/flask/", "/flask//"], ["/", "//evil/x"]] as const) {
      assert.throws(() => upstreamPath({ prefix, basePath: "/" }, path), { code: "target-invalid" });
    }
  }); // prettier-ignore
});
