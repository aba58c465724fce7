import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rewriteCookiePath, rewriteHeaders, rewriteLocation, type Mapping } from "./rewrite.ts";

const authority = "127.0.0.1:5000";
const host = "flask.local:8443";
const flask: Mapping = { prefix: "/flask/", basePath: "/", authorities: [authority] };
const based: Mapping = { prefix: "/flask/", basePath: "/app/", authorities: [authority] };
const root: Mapping = { prefix: "/", basePath: "/", authorities: [authority] };

type Table = readonly (readonly [value: string, expected: string])[];
const same = (...values: string[]): Table => values.map((value) => [value, value]);

describe("Location", () => {
  const tables: Record<string, readonly [Mapping, Table]> = {
    "a path goes under the prefix": [flask, [["/", "/flask/"], ["/login", "/flask/login"], ["/login?next=/x#y", "/flask/login?next=/x#y"], ["/?a", "/flask/?a"], ["/%2e", "/flask/%2e"], ["/flaskx", "/flask/flaskx"], ["/a//b", "/flask/a//b"]]],
    "a path that is there already is not prefixed twice": [flask, same("/flask/", "/flask/x", "/flask/x?y", "/flask", "/flask?x", "/flask#x")],
    "a URL of the upstream itself becomes a path under the prefix": [flask, [[`http://${authority}/login`, "/flask/login"], [`HTTP://${authority}/login`, "/flask/login"], [`https://${authority}/login?x`, "/flask/login?x"], [`http://${authority}`, "/flask/"], [`http://${authority}?x`, "/flask/?x"], [`//${authority}/x`, "/flask/x"], [`http://${authority}/flask/x`, "/flask/x"]]],
    "a URL of this very site stays on it, under the prefix": [flask, [[`https://${host}/login`, `https://${host}/flask/login`], [`https://FLASK.local:8443/login`, `https://FLASK.local:8443/flask/login`], [`https://${host}/flask/x`, `https://${host}/flask/x`], [`https://${host}`, `https://${host}/flask/`], [`https://${host}?x`, `https://${host}/flask/?x`], [`//${host}/x`, `//${host}/flask/x`]]],
    "another host's is left alone": [flask, same("https://other.example/login", "https://other.example", "http://other.example:5000/", "//other/x", "//other", "HTTPS://Other.example/x", `http://${authority}.evil/`, `http://x@${authority}/`, `http://127.0.0.1/`, `http://127.0.0.1:50000/x`, `https://evil/?${authority}`, `https://flask.local/x`)],
    "what is relative, or no path at all, is left alone": [flask, same("", "login", "../x", "./x", "?a", "#a", "mailto:grace@example.test", "flask/x", "http:x", "data:,x", "javascript:x")],
    "a base path stands for the prefix": [based, [["/app/", "/flask/"], ["/app/x", "/flask/x"], [`http://${authority}/app/x`, "/flask/x"], ["/app", "/flask"], ["/app?x", "/flask?x"]]],
    "what is outside the base path is left alone": [based, same("/", "/other", "/apple", "/flask/x")],
    "a route at / changes no path": [root, [["/login", "/login"], [`http://${authority}/login`, "/login"], [`https://${host}/login`, `https://${host}/login`]]],
  }; // prettier-ignore
  for (const [what, [mapping, table]] of Object.entries(tables)) {
    it(what, () => {
      for (const [value, expected] of table)
        assert.equal(rewriteLocation(value, mapping, host), expected, value);
    });
  }

  it("never becomes another host's address", () => {
    for (const mapping of [flask, based, root, { ...based, prefix: "/" }]) {
      for (const value of [`http://${authority}//evil.example/`, "/app//evil.example/", `http://${authority}/app//evil.example/`, `https://${host}//evil.example/`, `//${authority}//evil.example/`]) {
        const target = new URL(rewriteLocation(value, mapping, host), `https://${host}/flask/`).host;
        assert.ok([host, authority].includes(target), `${value} at ${mapping.prefix} -> ${target}`);
      }
    }
  }); // prettier-ignore
});

describe("Set-Cookie", () => {
  const table: Table = [
    ["a=b; Path=/", "a=b; Path=/flask/"],
    ["a=b; path=/x; HttpOnly", "a=b; path=/flask/x; HttpOnly"],
    ["a=b;Path=/;Secure", "a=b;Path=/flask/;Secure"],
    ["a=b; Secure; PATH=/flask/; HttpOnly", "a=b; Secure; PATH=/flask/; HttpOnly"],
    ["a=b; Path=/flask", "a=b; Path=/flask"],
    ["__Secure-a=b; Path=/; Secure", "__Secure-a=b; Path=/flask/; Secure"],
    ...same(
      "__Host-a=b; Path=/; Secure",
      "a=b",
      "a=b; HttpOnly",
      "a=b; Path=",
      "a=b; Path=x",
      "path=/x",
      "a=path=/; Domain=flask.local",
      "",
    ),
  ];
  for (const [value, expected] of table) {
    it(`${value || "(empty)"} -> ${expected}`, () => {
      assert.equal(rewriteCookiePath(value, flask), expected);
    });
  }

  it("with a base path", () => {
    assert.equal(rewriteCookiePath("a=b; Path=/app/x", based), "a=b; Path=/flask/x");
    assert.equal(rewriteCookiePath("a=b; Path=/app", based), "a=b; Path=/flask", "as Flask writes it");
    assert.equal(rewriteCookiePath("a=b; Path=/other", based), "a=b; Path=/other");
  });
});

it("rewriteHeaders maps these headers in any spelling, each line, and no other", () => {
  const headers = ["LOCATION", "/x", "Content-Location", "/x", "set-cookie", "a=b; Path=/", "Set-Cookie", "c=d; Path=/", "Link", "</x>", "X-Location", "/x", "constructor", "/x"]; // prettier-ignore
  assert.deepEqual(rewriteHeaders(headers, flask, host), [
    "LOCATION", "/flask/x", "Content-Location", "/flask/x", "set-cookie", "a=b; Path=/flask/", "Set-Cookie", "c=d; Path=/flask/", "Link", "</x>", "X-Location", "/x", "constructor", "/x",
  ]); // prettier-ignore
});

it("rewriteHeaders still knows its headers when more names have been seen than it remembers", () => {
  for (let at = 0; at < 1500; at += 1) rewriteHeaders([`X-Seen-${at}`, "/x"], flask, host);
  assert.deepEqual(rewriteHeaders(["LoCaTiOn", "/x"], flask, host), ["LoCaTiOn", "/flask/x"]);
});
