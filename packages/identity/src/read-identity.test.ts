import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dialects } from "./dialects/index.ts";
import { parseRfc4514 } from "./rfc4514.ts";
import { readIdentity } from "./read-identity.ts";

const success = ["SSL_CLIENT_VERIFY", "SUCCESS"];

describe("readIdentity", () => {
  it("reads raw header lines, whatever else stands between them", () => {
    const lines = ["Host", "localhost", "SSL_CLIENT_S_DN", "CN=Grace Hopper", "Cookie", "a=b", ...success];
    assert.deepEqual(readIdentity(lines, "ssl-client")?.subject, parseRfc4514("CN=Grace Hopper"));
  });

  it("speaks the dialect it is told to", () => {
    const lines = ["SSL_CLIENT_S_DN", "/CN=Grace Hopper", ...success];
    assert.ok(readIdentity(lines, "mod_ssl-legacy"));
    assert.throws(() => readIdentity(lines, "ssl-client"), { code: "name-malformed" });
    assert.throws(() => readIdentity(["SSL_CLIENT_S_DN", "CN=Grace Hopper", ...success], "mod_ssl-legacy"), {
      code: "name-malformed",
    });
  });

  it("sees the second of two lines, which a joined or first-wins view would hide", () => {
    const lines = ["SSL_CLIENT_S_DN", "CN=Grace Hopper", ...success, "ssl-client-s-dn", "CN=Mallory"];
    assert.throws(() => readIdentity(lines, "ssl-client"), { code: "subject-repeated" });
  });

  it("takes an odd list for what it is, not for a line without a value", () => {
    assert.throws(() => readIdentity([...success, "SSL_CLIENT_S_DN"], "ssl-client"), {
      code: "subject-missing",
    });
  });

  it("knows every dialect by its name and no other", () => {
    for (const { name } of dialects)
      assert.equal(readIdentity(["SSL_CLIENT_VERIFY", "NONE"], name), undefined);
    for (const name of ["", "SSL-CLIENT", "toString", "__proto__"]) {
      assert.throws(() => readIdentity([], name), TypeError);
    }
  });
});
