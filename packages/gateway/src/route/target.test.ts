import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "@sallyport/identity/testing/cpu-time";
import fc from "fast-check";
import { parseTarget } from "./target.ts";

const host = "localhost:8443";

describe("a target that everybody behind reads alike comes back unchanged", () => {
  const targets = [
    "/", "/flask/", "/flask/x", "/flask/x?y", "/flask/x?y?z", "/?", "/?a=b&c=d", "/flask//x", "//evil/x", "/a/b//", "/%20", "/caf%C3%A9", "/%2F", "/%2f%2F/x",
    "/...", "/..x", "/x..", "/x../y", "/.well-known/x", "/a.b", "/a/.b", "/.../x", "/a..b/..c", "/%2e%2e%2e", "/.%2ehidden", "/;x", "/a;b=c/d", "/a;..", "/~user", "/a:b", "/@x", "/a'b(c)*!$&,+=",
    "/%252e%252e/", "/%25%32%65", "/x?../..", "/x?/../..", "/x?%2e%2e/", "/x?%", "/x?%00", "/x?http://evil/", "/flask/http://evil/x", '/"', "/<x>", "/{x}|^`", "/[::1]", "/%0d%0a", `/${"x".repeat(8191)}`,
  ]; // prettier-ignore
  for (const target of targets) {
    it(target.slice(0, 40), () => {
      const { path, query } = parseTarget(target, host);
      assert.equal(path + query, target);
      assert.ok(!path.includes("?"));
      assert.ok(query === "" || query.startsWith("?"));
    });
  }
});

describe("absolute-form is reduced when it names the request's own Host, and never followed", () => {
  const cases: Record<string, string> = {
    [`http://${host}/flask/x?y`]: "/flask/x?y",
    [`https://${host}/flask/`]: "/flask/",
    [`HTTPS://LOCALHOST:8443/Flask/`]: "/Flask/",
    [`http://${host}`]: "/",
    [`http://${host}?y`]: "/?y",
    [`http://${host}//x`]: "//x",
  };
  for (const [target, reduced] of Object.entries(cases)) {
    it(target, () => {
      const { path, query } = parseTarget(target, host);
      assert.equal(path + query, reduced);
    });
  }
});

describe("a target that another server could read differently is refused", () => {
  const targets = [
    // dot segments, plain and in every encoding and disguise
    "/..", "/../", "/.", "/./", "/flask/../admin", "/flask/..", "/flask/.", "/flask/./x", "/flask/%2e%2e/admin", "/flask/%2E%2E", "/flask/.%2e/admin", "/flask/%2e./admin",
    "/flask/%2e", "/%2e%2e%2fadmin", "/flask/..%2fadmin", "/flask/..%2Fadmin", "/flask%2f..%2fadmin", "/flask/%2f../x", "/flask/..%5cadmin", "/flask/..%5Cadmin", "/flask%5c..%5cadmin", "/flask/.%5cx",
    "/flask/..;/admin", "/flask/..;x=1/admin", "/flask/.;/admin", "/flask/%2e%2e;/admin", "/flask/..%3b/admin", "/flask/..%3Bx/admin", "/flask/;/../admin", "/a/b/../../..", "/..?x", "/x/..?y",
    // separators, controls and what is not ASCII
    "/flask\\..\\admin", "/flask/..\\admin", "\\flask", "/flask\\", "/x?a\\b", "/flask#x", "/#", "/x?y#z", "/a b", "/a\tb", "/a\rb", "/a\nb", "/a\0b", "/a\x7fb", "/a\x80b", "/café", "/x?é", "/x? y", "/\u212a",
    // NUL and broken escapes
    "/%00", "/flask/%00/x", "/..%00/x", "/%", "/%2", "/%zz", "/%u002e", "/%2x", "/x%", "/%c0%a", "/.%",
    // other forms
    "", "*", "?", "?x", "x", "flask/", ".", "..", "#", "localhost:8443", "example.test:443", "http:", "http:/x", "http:///x", "http://", "http://evil/flask/", "https://evil/", "http://evil@localhost:8443/", "http://localhost:8443@evil/",
    "http://localhost:8443.evil/", "http://localhost/", "http://localhost:844/", "http://localhost:8443:1/", "ftp://localhost:8443/", "ws://localhost:8443/", "javascript:alert(1)", "file:///etc/passwd", " /x", "http://localhost:8443/../x", "http://localhost:8443/%2e%2e/",
    "http://localhost:8443\\@evil/", "http://localhost:8443#@evil/", "http://localhost:8443/x y", "http://localhost:8443\n/", `/${"x".repeat(8192)}`, `http://${host}/${"x".repeat(8192)}`,
  ]; // prettier-ignore
  for (const target of targets) {
    it(JSON.stringify(target).slice(0, 50), () => {
      assert.throws(() => parseTarget(target, host), { name: "Refusal", code: "target-invalid" });
    });
  }
});

it("whatever is accepted still holds no dot segment after a server has decoded, unslashed and split it", () => {
  const parts = [
    "/",
    "/",
    ".",
    "..",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "\\",
    ";",
    "%3b",
    "a",
    "%",
    "%00",
    "%25",
    "?",
    "#",
  ];
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 8 }), (pieces) => {
      const target = `/flask/${pieces.join("")}`;
      let path: string;
      try {
        path = parseTarget(target, host).path;
      } catch {
        return;
      }
      accepted += 1;
      const decoded = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(parseInt(hex, 16)),
      );
      for (const segment of decoded.replaceAll("\\", "/").split("/")) {
        assert.doesNotMatch(segment.replace(/;.*/s, ""), /^\.\.?$/, target);
      }
      assert.ok(new URL(path.replaceAll("//", "/x/"), "http://h/").pathname.startsWith("/flask/"), target);
    }),
    { numRuns: 5000 },
  );
  assert.ok(accepted > 300, `only ${accepted} were accepted`);
});

it("the longest target is judged at once", () => {
  for (const part of ["/.", "%2e", "%", ".", "/", ";", "%2f"]) {
    const started = cpuTime();
    try {
      parseTarget(`/${part.repeat(8191 / part.length)}`, host);
    } catch {
      // refused or not: only the time counts here
    }
    assert.ok(cpuTime() - started < 200, part);
  }
});
