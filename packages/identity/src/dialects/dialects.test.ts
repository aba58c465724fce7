/** The contract of a dialect, run by every member of the list: a new one is under test as soon as it is in it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCertificate, type Certificate } from "../certificate.ts";
import type { DistinguishedName } from "../distinguished-name.ts";
import { foldName } from "../fold-name.ts";
import { IdentityError } from "../identity-error.ts";
import { mintCertificate, utf8 } from "../testing/der.ts";
import type { HeaderLine } from "./dialect.ts";
import { dialects } from "./index.ts";

const minted = readCertificate(
  mintCertificate({
    subject: [
      [["2.5.4.6", utf8("US")]],
      [["2.5.4.8", utf8("Virginia")]],
      [["2.5.4.3", utf8("Grace Hopper")]],
    ],
    issuer: [[["2.5.4.6", utf8("US")]], [["2.5.4.3", utf8("Test Authority")]]],
  }),
);
const server = readCertificate(
  mintCertificate({ subject: [[["2.5.4.11", utf8("Küche")]], [["2.5.4.3", utf8("localhost")]]] }),
);

const named = (...pairs: readonly (readonly [type: string, value: string])[]): DistinguishedName =>
  pairs.map(([type, value]) => [{ type, value, der: undefined }]);
const withSubject = (subject: DistinguishedName): Certificate => ({ ...minted, subject });
const texts = (name: DistinguishedName | undefined) =>
  name?.map((rdn) => rdn.map(({ type, value }) => `${type}=${value}`));

/** What a strict HTTP receiver makes of the lines: spaces around a value are not part of it. */
const overTheWire = (lines: readonly HeaderLine[]): HeaderLine[] =>
  lines.map(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, "")]);

/** Runs and reports the code, or "accepted"; any error that is not an IdentityError is let through. */
function outcome(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (error instanceof IdentityError) return error.code;
    throw error;
  }
}

for (const dialect of dialects) {
  const success = dialect.write({ verify: "SUCCESS", certificate: minted }, server);
  const verifyName = success.find(([, value]) => value === "SUCCESS")?.[0] ?? "";
  const subjectName = success.find(([, value]) => value.includes("Grace Hopper"))?.[0] ?? "";
  const without = (name: string) => success.filter((line) => line[0] !== name);
  const replaced = (name: string, value: string): HeaderLine[] => [...without(name), [name, value]];

  describe(`the dialect ${dialect.name}`, () => {
    it("reads the same subject and issuer from what it wrote", () => {
      const asserted = dialect.read(success);
      assert.deepEqual(texts(asserted?.subject), texts(minted.subject));
      assert.deepEqual(texts(asserted?.issuer), texts(minted.issuer));
    });

    it("carries any subject over the wire exactly, or refuses to write it", () => {
      const types = fc.constantFrom("2.5.4.3", "2.5.4.3", "2.5.4.10", "0.9.2342.19200300.100.1.1", "1.2.3.4");
      const values = fc.string({
        unit: fc.constantFrom(...Array.from('aCN=/+,;\\ é\0\r\n#"<>🦆\u202e')),
        maxLength: 6,
      });
      const names = fc.array(fc.array(fc.tuple(types, values), { minLength: 1, maxLength: 2 }), {
        maxLength: 3,
      });
      let carried = 0;
      fc.assert(
        fc.property(names, (rdns) => {
          const subject = rdns.map((rdn) => rdn.map(([type, value]) => ({ type, value, der: undefined })));
          let lines: HeaderLine[] | undefined;
          const written = outcome(() => {
            lines = dialect.write({ verify: "SUCCESS", certificate: withSubject(subject) }, undefined);
          });
          if (lines === undefined) {
            assert.equal(written, "subject-ambiguous");
          } else if (subject.length === 0) {
            assert.equal(
              outcome(() => dialect.read(lines ?? [])),
              "subject-missing",
            );
          } else {
            assert.deepEqual(dialect.read(overTheWire(lines))?.subject, subject);
            carried += 1;
          }
        }),
        {
          numRuns: 2000,
          examples: [[[[["2.5.4.3", "Grace "]]]], [[[["2.5.4.3", " Grace"]]]], [[[["2.5.4.3", " "]]]]],
        },
      );
      assert.ok(carried > 20, `only ${carried} subjects were carried`);
    });

    it("writes printable ASCII alone, under names that it declares, each once", () => {
      const hostile = "Jos\u00e9\r\nSSL_CLIENT_S_DN: CN=Mallory\0\u202e\u{1f986}\x7f";
      const identities = [
        { verify: "SUCCESS", certificate: minted },
        { verify: "NONE" },
        { verify: "FAILED", reason: hostile, certificate: minted },
        { verify: "FAILED", reason: "CERT_MALFORMED", certificate: undefined },
      ] as const;
      const oddServer = withSubject(named(["2.5.4.11", hostile]));
      for (const identity of identities) {
        const lines = dialect.write(identity, oddServer);
        for (const [name, value] of lines) {
          assert.match(value, /^[\x20-\x7e]+$/);
          assert.ok(dialect.headerNames.includes(name), name);
        }
        assert.equal(new Set(lines.map(([name]) => name)).size, lines.length);
      }
    });

    it("tells that nobody presented a certificate, and nothing about whom", () => {
      const lines = dialect.write({ verify: "NONE" }, undefined);
      assert.deepEqual(lines, [[verifyName, "NONE"]]);
      assert.equal(dialect.read(lines), undefined);
    });

    it("never writes a word of a certificate that was not believed, and never reads one from it", () => {
      const lines = dialect.write(
        { verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate: minted },
        server,
      );
      for (const line of lines) {
        assert.doesNotMatch(line.join(), /Grace|Virginia|Authority/);
        assert.notEqual(line[0], subjectName);
      }
      assert.deepEqual(
        lines.find(([name]) => name === verifyName),
        [verifyName, "FAILED:CERT_HAS_EXPIRED"],
      );
      assert.equal(
        outcome(() => dialect.read(lines)),
        "verification-failed",
      );
    });

    it("never writes (null), or an empty value, for what is not there", () => {
      const bare = withSubject(named(["2.5.4.3", "localhost"]));
      const empty = { ...minted, issuer: [] };
      for (const lines of [
        dialect.write({ verify: "NONE" }, bare),
        dialect.write({ verify: "SUCCESS", certificate: empty }, bare),
        dialect.write({ verify: "SUCCESS", certificate: empty }, withSubject(named(["2.5.4.11", ""]))),
      ]) {
        for (const [, value] of lines) assert.doesNotMatch(value, /null|undefined|^$/);
      }
    });

    describe("refuses to read", () => {
      const elsewhere = (name: string) => name.replaceAll("_", "-").toLowerCase();
      const cases: Record<string, [lines: readonly HeaderLine[], code: string]> = {
        "no line at all": [[], "verification-missing"],
        "a subject without a verification": [without(verifyName), "verification-missing"],
        "an empty verification": [replaced(verifyName, ""), "verification-failed"],
        GENEROUS: [replaced(verifyName, "GENEROUS"), "verification-failed"],
        "FAILED with a subject": [replaced(verifyName, "FAILED:x"), "verification-failed"],
        "NONE with a subject": [replaced(verifyName, "NONE"), "verification-failed"],
        "NONE with an empty subject": [[[verifyName, "NONE"], [subjectName, ""]], "verification-failed"],
        "success in lower case": [replaced(verifyName, "success"), "verification-failed"],
        "SUCCESS with something behind": [replaced(verifyName, "SUCCESS, NONE"), "verification-failed"],
        "SUCCESS without a subject": [without(subjectName), "subject-missing"],
        "an empty subject": [replaced(subjectName, ""), "subject-missing"],
        "the subject (null)": [replaced(subjectName, "(null)"), "name-malformed"],
        "two subjects": [[...success, [subjectName, "CN=Mallory"]], "subject-repeated"],
        "the same subject twice": [[...success, ...success.filter(([name]) => name === subjectName)], "subject-repeated"],
        "an empty second subject": [[...success, [subjectName, ""]], "subject-repeated"],
        "a second subject in another spelling": [[...success, [elsewhere(subjectName), "CN=Mallory"]], "subject-repeated"],
        "a second subject with HTTP_ before it": [[...success, [`HTTP_${subjectName}`, "CN=Mallory"]], "subject-repeated"],
        "two verifications": [[...success, [verifyName, "SUCCESS"]], "subject-repeated"],
        "a second verification in another spelling": [[...success, [elsewhere(verifyName), "NONE"]], "subject-repeated"],
      }; // prettier-ignore
      for (const [what, [lines, code]] of Object.entries(cases)) {
        it(what, () => {
          assert.equal(
            outcome(() => dialect.read(lines)),
            code,
          );
          assert.equal(
            outcome(() => dialect.read(lines.toReversed())),
            code,
            "in the other order",
          );
        });
      }

      it("two lines joined by a comma, as frameworks do, as either of them", () => {
        const value = success.find(([name]) => name === subjectName)?.[1] ?? "";
        const joined = replaced(subjectName, `${value}, ${value.replace("Grace Hopper", "Mallory")}`);
        let subject: unknown;
        const code = outcome(() => (subject = dialect.read(joined)?.subject));
        assert.notDeepEqual(subject, minted.subject);
        if (code === "accepted") {
          // RFC 4514 text joined to one longer name: two CNs, which commonNameOf refuses.
          assert.equal(
            texts(subject as DistinguishedName)
              ?.flat()
              .filter((text) => text.startsWith("2.5.4.3=")).length,
            2,
          );
        } else assert.equal(code, "subject-ambiguous");
      });
    });

    it("reads the lines in any spelling that a framework may have left them in", () => {
      for (const spell of [
        elsewhereDash,
        (name: string) => name.toLowerCase(),
        (name: string) => `HTTP_${name}`,
      ]) {
        const lines = success.map(([name, value]): HeaderLine => [spell(name), value]);
        assert.deepEqual(texts(dialect.read(lines)?.subject), texts(minted.subject));
      }
    });

    it("has names that fold to different names", () => {
      assert.equal(new Set(dialect.headerNames.map(foldName)).size, dialect.headerNames.length);
    });
  });
}

function elsewhereDash(name: string): string {
  return name.replaceAll("_", "-");
}

it("no two dialects share a name", () => {
  assert.equal(new Set(dialects.map(({ name }) => name)).size, dialects.length);
});

describe("what exactly is written", () => {
  const exact: Record<string, HeaderLine[]> = {
    "ssl-client": [
      ["SSL_SERVER_S_DN_OU", "K?che"],
      ["SSL_CLIENT_S_DN", "CN=Grace Hopper,ST=Virginia,C=US"],
      ["SSL_CLIENT_I_DN", "CN=Test Authority,C=US"],
      ["SSL_CLIENT_VERIFY", "SUCCESS"],
    ],
    "mod_ssl-legacy": [
      ["SSL_SERVER_S_DN_OU", "K?che"],
      ["SSL_CLIENT_S_DN", "/C=US/ST=Virginia/CN=Grace Hopper"],
      ["SSL_CLIENT_I_DN", "/C=US/CN=Test Authority"],
      ["SSL_CLIENT_VERIFY", "SUCCESS"],
    ],
  };
  for (const [name, lines] of Object.entries(exact)) {
    it(name, () => {
      const dialect = dialects.find((candidate) => candidate.name === name);
      assert.deepEqual(dialect?.write({ verify: "SUCCESS", certificate: minted }, server), lines);
    });
  }
});
