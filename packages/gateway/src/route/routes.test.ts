import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isBare, matchRoute, upstreamPath } from "./routes.ts";

const routes = ["/flask/admin/", "/flask/", "/a.b/"].map((prefix) => ({ prefix, basePath: "/" }));
const prefixOf = (path: string) => matchRoute(routes, path)?.prefix;

describe("matchRoute", () => {
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
    for (const path of ["/", "/x", "/flask/"]) assert.equal(matchRoute(all, path), all[0]);
    assert.equal(isBare("/", ""), true);
    assert.equal(isBare("/", "/"), false);
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
