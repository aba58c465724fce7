import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Mapping } from "./mapping.ts";
import { leadsElsewhere, mapReference, type Base } from "./reference.ts";
import { applyEdits } from "./text/edit.ts";

const authority = "127.0.0.1:5000";
const host = "flask.local:8443";
const flask: Mapping = { prefix: "/flask/", basePath: "/", authorities: [authority] };
const based: Mapping = { prefix: "/flask/", basePath: "/app/", authorities: [authority] };
const root: Mapping = { prefix: "/", basePath: "/", authorities: [authority] };
const rootBased: Mapping = { prefix: "/", basePath: "/app/", authorities: [authority] };

const map = (value: string, mapping: Mapping, base?: Base) =>
  applyEdits(value, mapReference(value, { mapping, host }, base));

type Table = readonly (readonly [value: string, expected: string])[];
const same = (...values: string[]): Table => values.map((value) => [value, value]);

describe("a reference", () => {
  const tables: Record<string, readonly [Mapping, Table]> = {
    "a path goes under the prefix": [flask, [["/", "/flask/"], ["/login", "/flask/login"], ["/login?next=/x#y", "/flask/login?next=/x#y"], ["/?a", "/flask/?a"], ["/%2e", "/flask/%2e"], ["/flaskx", "/flask/flaskx"], ["/a//b", "/flask/a//b"]]],
    "a path that is there already is not prefixed twice": [flask, same("/flask/", "/flask/x", "/flask/x?y", "/flask", "/flask?x", "/flask#x")],
    "a URL of the upstream itself becomes a path under the prefix": [flask, [[`http://${authority}/login`, "/flask/login"], [`HTTP://${authority}/login`, "/flask/login"], [`https://${authority}/login?x`, "/flask/login?x"], [`http://${authority}`, "/flask/"], [`http://${authority}?x`, "/flask/?x"], [`//${authority}/x`, "/flask/x"], [`http://${authority}/flask/x`, "/flask/x"]]],
    "a URL of this very site stays on it, under the prefix": [flask, [[`https://${host}/login`, `https://${host}/flask/login`], [`https://FLASK.local:8443/login`, `https://FLASK.local:8443/flask/login`], [`https://${host}/flask/x`, `https://${host}/flask/x`], [`https://${host}`, `https://${host}/flask/`], [`https://${host}?x`, `https://${host}/flask/?x`], [`//${host}/x`, `//${host}/flask/x`]]],
    "another host's is left alone": [flask, same("https://other.example/login", "https://other.example", "http://other.example:5000/", "//other/x", "//other", "HTTPS://Other.example/x", `http://${authority}.evil/`, `http://x@${authority}/`, `http://127.0.0.1/`, `http://127.0.0.1:50000/x`, `https://evil/?${authority}`, `https://flask.local/x`, "\\\\other/x", "/\\other/x", "///other/x", "/\t/other/x", "\n//other/x", "http:\\\\other\\x", " https://other.example/x", "h\nttp://other/")],
    "what is relative, or no path at all, is left alone": [flask, same("", " ", "login", "../x", "./x", "?a", "#a", "mailto:grace@example.test", "flask/x", "http:x", "http:/x", "https:/x", "data:,/x", "javascript:x", "java\nscript:'/x'", "\x01javascript:/x", "x:/y", "blob:/x")],
    "it is read as browsers read it, and kept as it is written": [flask, [[" /x ", " /flask/x "], ["\t\n/x", "\t\n/flask/x"], ["/x\n/y", "/flask/x\n/y"], ["\\x", "/flask/x"], ["\x00/x", "\x00/flask/x"], [`ht\ntp://${authority}/x`, "/flask/x"], [`http:\\\\${authority}\\x`, "/flask/x"], [`http:///${authority}/x`, "/flask/x"], ["/fla\nsk/x", "/fla\nsk/x"]]],
    "a base path stands for the prefix": [based, [["/app/", "/flask/"], ["/app/x", "/flask/x"], [`http://${authority}/app/x`, "/flask/x"], ["/app", "/flask"], ["/app?x", "/flask?x"]]],
    "what is outside the base path is left alone": [based, same("/", "/other", "/apple", "/flask/x", `http://${authority}/other`, `http://${authority}`)],
    "a route at / changes no path": [root, [["/login", "/login"], [`http://${authority}/login`, "/login"], [`https://${host}/login`, `https://${host}/login`]]],
    "the scheme's own port need not be written": [{ ...flask, authorities: ["backend"] }, [["http://backend:80/x", "/flask/x"], ["http://backend/x", "/flask/x"], ...same("http://backend:443/x", "https://backend:80/x", "http://backend:8/x")]],
  }; // prettier-ignore
  for (const [what, [mapping, table]] of Object.entries(tables)) {
    it(what, () => {
      for (const [value, expected] of table)
        assert.equal(map(value, mapping), expected, JSON.stringify(value));
    });
  }

  it("of a page whose base is elsewhere: a path is that site's, and ours is named in full", () => {
    for (const [value, expected] of [["/x", "/x"], [`http://${authority}/x`, `//${host}/flask/x`], [`https://${host}/x`, `https://${host}/flask/x`]] as const)
      assert.equal(map(value, flask, "elsewhere"), expected);
  }); // prettier-ignore
});

it("a base is elsewhere when it names another host, or a scheme without any", () => {
  const place = { mapping: flask, host };
  for (const href of ["https://other.example/", "//other/", "ftp://x/", "about:blank", "\\\\other"])
    assert.equal(leadsElsewhere(href, place), true, href);
  for (const href of [
    "/",
    "x/",
    "",
    "?x",
    `http://${authority}/`,
    `https://${host}/a/`,
    "javascript:1",
    "data:,x",
  ])
    assert.equal(leadsElsewhere(href, place), false, href);
});

describe("a reference never comes to lead elsewhere than it did", () => {
  const part = fc.constantFrom("/", "//", "\\", "\t", "\n", " ", ":", "http:", "https:", "HTTP://", authority, host, "evil.example", "flask", "app", "x", "?", "#", "..", ".", "@", "%2f", "javascript:", "data:", "[", "é");
  const value = fc.array(part, { maxLength: 7 }).map((parts) => parts.join(""));
  const mappings = [flask, based, root, rootBased];
  /** Where a browser goes from a page of ours. */
  const follow = (reference: string) => {
    try {
      return new URL(reference, `https://${host}/flask/page/`);
    } catch {
      return undefined;
    }
  };
  const ours = new Set([host, authority]);

  it("whatever it is made of", () => {
    fc.assert(
      fc.property(value, fc.constantFrom(...mappings), (reference, mapping) => {
        const mapped = map(reference, mapping);
        if (mapped === reference) return;
        const before = follow(reference);
        const after = follow(mapped);
        assert.ok(before && after, `${JSON.stringify(reference)} -> ${JSON.stringify(mapped)}`);
        assert.ok(ours.has(before.host) && /^https?:$/.test(before.protocol), `was another's: ${JSON.stringify(reference)}`);
        assert.equal(after.host, host, `${JSON.stringify(reference)} -> ${JSON.stringify(mapped)}`);
        assert.equal(`${after.search}${after.hash}`, `${before.search}${before.hash}`);
      }),
      { numRuns: 20_000 },
    );
  });
  it("and mapping it again changes nothing", () => {
    fc.assert(
      fc.property(value, (reference) => {
        const once = map(reference, flask);
        assert.equal(map(once, flask), once);
      }),
      { numRuns: 5_000 },
    );
  });
}); // prettier-ignore
