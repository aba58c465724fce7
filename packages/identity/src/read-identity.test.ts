import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCertificate } from "./certificate.ts";
import type { ClientIdentity } from "./client-identity.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { dialects } from "./dialects/index.ts";
import { commonNameOf } from "./distinguished-name.ts";
import { IdentityError } from "./identity-error.ts";
import { parseRfc4514 } from "./rfc4514.ts";
import { readIdentity } from "./read-identity.ts";
import { mintCertificate, utf8 } from "./testing/der.ts";

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

  it("knows every dialect by its name: Grace and the anonymous arrive in each", () => {
    for (const dialect of dialects) {
      assert.equal(readIdentity(written(dialect, { verify: "NONE" }), dialect.name), undefined);
      const asserted = readIdentity(written(dialect, grace), dialect.name);
      const name = asserted?.subject ? commonNameOf(asserted.subject) : asserted?.user;
      assert.equal(name, "Grace Hopper", dialect.name);
    }
  });

  it("knows no other", () => {
    for (const name of ["", "SSL-CLIENT", "toString", "__proto__"]) {
      assert.throws(() => readIdentity([], name), TypeError);
    }
  });

  it("answers whatever arrives with an identity, with nothing, or with an IdentityError", () => {
    for (const dialect of dialects) {
      const sound = written(dialect, grace);
      const values = [...sound.filter((_, at) => at % 2 === 1), "", "0", "\u00ff", "%", "=", ":", '"', "\\"];
      const line = fc.tuple(
        fc.constantFrom(...dialect.headerNames),
        fc.oneof(fc.constantFrom(...values), fc.string({ unit: "binary-ascii" })),
      );
      fc.assert(
        fc.property(fc.array(line, { maxLength: 6 }), fc.boolean(), (lines, beside) => {
          try {
            readIdentity([...(beside ? sound : []), ...lines.flat()], dialect.name);
          } catch (error) {
            assert.ok(error instanceof IdentityError, String(error));
          }
        }),
        { numRuns: 200 },
      );
    }
  });
});

const grace: ClientIdentity = {
  verify: "SUCCESS",
  certificate: readCertificate(mintCertificate({ subject: [[["2.5.4.3", utf8("Grace Hopper")]]] })),
};

function written(dialect: Dialect, identity: ClientIdentity): string[] {
  const connection = { identity, chain: [], server: undefined, tls: undefined, now: Date.now() };
  return dialect.write(connection).flat();
}
