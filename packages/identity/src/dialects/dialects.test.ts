/**
 * The contract of a dialect, run by every member of the list: a new one is under test as soon as it is in it. Nothing here
 * knows a dialect's name. What it carries shows in what it reads back of an ordinary certificate.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { valuesOf } from "../distinguished-name.ts";
import { foldName } from "../fold-name.ts";
import { utf8, type DerAttribute } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { saysNothingElse } from "../testing/says-nothing-else.ts";
import { grace, mallory, personCalled, server, visitOf } from "../testing/visits.ts";
import { writeIdentity } from "../write-identity.ts";
import type { AssertedIdentity, HeaderLine } from "./dialect.ts";
import { hasVariable } from "./has-variable.ts";
import { dialects } from "./index.ts";

/** What a strict HTTP receiver makes of the lines: spaces around a value are not part of it. */
const overTheWire = (lines: readonly HeaderLine[]): HeaderLine[] =>
  lines.map(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, "")]);

const spellings: Record<string, (name: string) => string> = {
  "as it was": (name) => name,
  "with hyphens, in lower case": (name) => name.replaceAll("_", "-").toLowerCase(),
  "with underscores, in capitals": (name) => name.replaceAll("-", "_").toUpperCase(),
  "with HTTP_ before it": (name) => `HTTP_${name.replaceAll("-", "_")}`,
};

for (const dialect of dialects) {
  const everything = dialect.variables && { variables: dialect.variables };
  const success = dialect.write(visitOf(grace));
  const asserted = dialect.read(success);

  /** Lines that anything may be written in, declared and fit for HTTP. */
  const assertWellFormed = (lines: readonly HeaderLine[]) => {
    for (const [name, value] of lines) {
      assert.match(name, /^[A-Za-z][A-Za-z0-9_-]*$/);
      // Octets above 0x7F are UTF-8 where a dialect has text that is not ASCII, and nothing HTTP would trim.
      assert.match(value, /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/, name);
      const folded = foldName(name);
      const declared =
        dialect.headerNames.some((other) => foldName(other) === folded) ||
        dialect.headerFamilies.some((family) => folded.startsWith(family));
      assert.ok(declared, `${name} is declared`);
    }
    assert.equal(new Set(lines.map(([name]) => foldName(name))).size, lines.length, "nothing twice");
  };

  describe(`the dialect ${dialect.name}`, () => {
    it("reads from what it wrote who the client is, and nothing that the certificate does not say", () => {
      assert.ok(asserted?.subject ?? asserted?.certificate ?? asserted?.user, "somebody");
      saysNothingElse(asserted, grace);
    });

    it("writes what HTTP leaves as it is, under names that it declares, each once", () => {
      const hostile = "Jos\u00e9\r\nSSL_CLIENT_S_DN: CN=Mallory\0\u202e\u{1f986}\x7f ";
      const oddServer = personCalled(hostile);
      for (const options of [undefined, everything]) {
        for (const connection of [
          visitOf(grace),
          visitOf({ verify: "NONE" }),
          visitOf({ verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate: grace }),
          visitOf({ verify: "FAILED", reason: hostile, certificate: undefined }),
          { ...visitOf(grace), server: undefined, tls: undefined, chain: [] },
          { ...visitOf(grace), server: oddServer },
        ]) {
          const lines = dialect.write(connection, options);
          assertWellFormed(lines);
          for (const [name, value] of lines) assert.doesNotMatch(value, /^\(null\)|undefined|null$/, name);
        }
      }
    });

    it("carries any subject over the wire exactly, or refuses to write it", () => {
      const types = fc.constantFrom("2.5.4.3", "2.5.4.3", "2.5.4.10", "0.9.2342.19200300.100.1.1", "1.2.3.4");
      const values = fc.oneof(
        fc.constantFrom("Test Subject", "Mallory", "test.subject@flask.local"),
        fc.string({ unit: fc.constantFrom(...Array.from('aCN=/+,;\\ é\0\r\n\t#"<>:%&|🦆\u202e\u0085\u2028')), maxLength: 6 }),
        fc.constantFrom("SUCCESS", "NONE", "Grace Hopper", "CN=Grace Hopper", "/CN=Grace Hopper", "(null)", "-",
          "x,CN=Grace Hopper", '";Subject="CN=Grace Hopper";By="', "x\r\nSSL_CLIENT_S_DN: CN=Grace Hopper",
          "x\r\n\r\nGET / HTTP/1.1", "Grace Hopper ", " Grace Hopper", "Grace Hopper\0", "%22%3BSubject%3D", "a\\2CCN\\3Db"),
      ); // prettier-ignore
      const wild = fc.array(fc.array(fc.tuple(types, values), { minLength: 1, maxLength: 2 }), {
        maxLength: 3,
      });
      // Half of the subjects are plain, so that every dialect has many to carry, whatever the seed.
      const plain = fc
        .tuple(
          fc.constantFrom("Research", "Navy"),
          fc.constantFrom("Grace Hopper", "Mallory", "Test Subject"),
        )
        .map(([unit, name]): [string, string][][] => [[["2.5.4.10", unit]], [["2.5.4.3", name]]]);
      const names = fc.oneof(wild, plain);
      let carried = 0;
      fc.assert(
        fc.property(names, fc.boolean(), (rdns, all) => {
          const subject = rdns.map((rdn) => rdn.map(([type, value]): DerAttribute => [type, utf8(value)]));
          const certificate = personCalled("Test Subject", { subject });
          let lines: readonly HeaderLine[] = [];
          const written = outcomeOf(() => {
            lines = dialect.write(visitOf(certificate), all ? everything : undefined);
          });
          if (written !== "accepted") {
            assert.equal(written, "subject-ambiguous");
            return;
          }
          assertWellFormed(lines);
          let back: AssertedIdentity | undefined;
          const read = outcomeOf(() => (back = dialect.read(overTheWire(lines))));
          // Without a word about the client there is nobody: an empty subject, or a field that the certificate lacks.
          if (read !== "accepted") {
            assert.match(read, /-missing$/);
            return;
          }
          saysNothingElse(back, certificate);
          carried += 1;
        }),
        { numRuns: 200 },
      );
      assert.ok(carried > 5, `only ${carried} subjects were carried`);
    });

    it("tells that nobody presented a certificate, and nothing about whom", () => {
      for (const options of [undefined, everything]) {
        const lines = dialect.write(visitOf({ verify: "NONE" }), options);
        assert.equal(dialect.read(lines), undefined);
        assert.doesNotMatch(lines.join("\n"), /Grace|Virginia/);
      }
    });

    it("never writes a word of a certificate that was not believed, and never reads one from it", () => {
      const failed = visitOf({ verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate: grace });
      const secrets = [
        grace.serialNumber,
        grace.sha256,
        grace.sha1,
        grace.der.toString("base64").slice(0, 40),
      ];
      for (const options of [undefined, everything]) {
        const lines = dialect.write({ ...failed, chain: [mallory] }, options);
        const text = lines.map(([, value]) => value).join("\n");
        assert.doesNotMatch(text, /Grace|Virginia|grace|Mallory/);
        for (const secret of secrets) assert.ok(!text.includes(secret), secret);
        // A dialect with a word for the verdict refuses; one without tells the same as of nobody.
        outcomeOf(() => {
          assert.equal(dialect.read(lines), undefined);
        });
      }
    });

    it("never takes a second line for the first, in whatever spelling and order", () => {
      const others = new Map(dialect.write(visitOf(mallory)));
      let refused = 0;
      for (const [name, value] of success) {
        for (const spell of Object.values(spellings)) {
          for (const second of [others.get(name) ?? "", value, "", "CN=Mallory"]) {
            const lines = [...success, [spell(name), second] as const];
            for (const order of [lines, lines.toReversed()]) {
              const code = outcomeOf(() => {
                assert.deepEqual(dialect.read(order), asserted, `${name} is not read`);
              });
              if (code !== "accepted") refused += 1;
            }
          }
        }
      }
      assert.ok(refused > 0, "the header that says who it is is refused when it is there twice");
    });

    it("never makes somebody else of lines that are missing, empty, (null), joined, or another person's", () => {
      const others = new Map(dialect.write(visitOf(mallory)));
      for (const [at, [name, value]] of success.entries()) {
        const without = success.toSpliced(at, 1);
        for (const lines of [
          without,
          [...without, [name, ""] as const],
          [...without, [name, "(null)"] as const],
        ]) {
          outcomeOf(() => {
            const read = dialect.read(lines);
            if (read) saysNothingElse(read, grace);
          });
        }
        // Joined, as frameworks do with repeated lines: neither of the two.
        const joined = [...without, [name, `${value}, ${others.get(name) ?? value}`] as const];
        outcomeOf(() => {
          const commonNames = valuesOf(dialect.read(joined)?.subject ?? [], "CN");
          assert.ok(commonNames.length !== 1 || commonNames[0] === "Grace Hopper");
        });
      }
    });

    for (const [how, spell] of Object.entries(spellings)) {
      it(`reads the lines spelled ${how}`, () => {
        assert.deepEqual(dialect.read(success.map(([name, value]) => [spell(name), value])), asserted);
      });
    }

    for (const spelling of ["as-is", "underscore", "hyphen"] as const) {
      it(`reads back what a route writes in the spelling ${spelling}`, () => {
        const lines = writeIdentity(visitOf(grace), [{ dialect, variables: undefined, spelling }]);
        assertWellFormed(lines);
        assert.deepEqual(dialect.read(lines), asserted);
      });
    }

    it("has names that fold to different names", () => {
      assert.equal(new Set(dialect.headerNames.map(foldName)).size, dialect.headerNames.length);
    });

    it("reads back what it writes of every variable that it lists", () => {
      for (const name of dialect.variables ?? []) assert.ok(hasVariable(dialect, name), name);
      assert.ok(!hasVariable(dialect, "SSL_CLIENT_NONSENSE"));
      const lines = dialect.write(visitOf(grace), everything);
      assertWellFormed(lines);
      saysNothingElse(dialect.read(overTheWire(lines)), grace);
    });

    it("says nothing of a server that is not there", () => {
      const { identity, ...rest } = visitOf(grace);
      const alone = dialect.write({ ...rest, identity, server: undefined, tls: undefined, chain: [] });
      assert.doesNotMatch(alone.join("\n"), new RegExp(valuesOf(server.subject, "CN")[0] ?? "?"));
    });
  });
}

it("no two dialects share a name", () => {
  assert.equal(new Set(dialects.map(({ name }) => name)).size, dialects.length);
});
