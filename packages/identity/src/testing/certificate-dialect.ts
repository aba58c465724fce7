/** What is asked of every dialect that carries the whole certificate and repeats parts of it in other headers. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { readCertificate } from "../certificate.ts";
import type { AssertedIdentity, Dialect, HeaderLine } from "../dialects/dialect.ts";
import { assertedBy } from "../wire/header-lines.ts";
import { mintCertificate, utf8 } from "./der.ts";
import { hostileLines, hostileOctets, hostileText, overTheWire } from "./hostile.ts";
import { outcomeOf } from "./outcome-of.ts";
import { grace, personCalled, visitOf } from "./visits.ts";
import { withAltNames } from "./with-alt-names.ts";

/** Of another authority, so that nothing in the one certificate stands in the other. */
const mallory = personCalled("Mallory", {
  serial: Buffer.from("77", "hex"),
  issuer: [[["2.5.4.3", utf8("Other Authority")]]],
});

export function valueOf(lines: readonly HeaderLine[], name: string): string | undefined {
  return lines.find((line) => line[0] === name)?.[1];
}

/** Replaces one header's value; `undefined` leaves the header out. */
export function withValue(
  lines: readonly HeaderLine[],
  name: string,
  value: string | undefined,
): HeaderLine[] {
  return lines.flatMap((line) => (line[0] !== name ? [line] : value === undefined ? [] : [[name, value]]));
}

/**
 * @param carrier the header with the certificate
 * @param repeated headers that say a part of it again
 */
export function carriesCertificates(dialect: Dialect, carrier: string, repeated: readonly string[]): void {
  const honest = dialect.write(visitOf(grace));

  it("reads the certificate it wrote", () => {
    assert.deepEqual(dialect.read(overTheWire(honest)), assertedBy(grace));
  });

  it("carries a certificate whatever its names hold, as it is and as nobody else's", () => {
    const subjects = fc.array(fc.tuple(fc.constantFrom("2.5.4.3", "2.5.4.10", "1.2.3.4"), hostileText()), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(subjects, hostileText(), fc.array(hostileOctets(), { maxLength: 2 }), (subject, issuer, names) => {
        const spiffe = names.map((name) => `spiffe://example.org/${name}`);
        const certificate = readCertificate(
          withAltNames(
            mintCertificate({
              subject: subject.map(([type, value]) => [[type, utf8(value)]]),
              issuer: [[["2.5.4.3", utf8(issuer)]]],
            }),
            { emails: names, dnsNames: names, uris: [...names, ...spiffe] },
          ),
        );
        const lines = overTheWire(dialect.write(visitOf(certificate)));
        assert.deepEqual(dialect.read(lines), assertedBy(certificate));
        let alone: AssertedIdentity | undefined;
        const without = outcomeOf(() => (alone = dialect.read(withValue(lines, carrier, undefined))));
        assert.equal(without, subject.length === 0 ? "subject-missing" : "accepted");
        assert.deepEqual(texts(alone), subject.length === 0 ? undefined : texts(assertedBy(certificate)));
      }),
      { numRuns: 150 },
    ); // prettier-ignore
  });

  it("refuses two headers of two people", () => {
    const others = dialect.write(visitOf(mallory));
    for (const name of [carrier, ...repeated]) {
      const mixed = withValue(honest, name, valueOf(others, name));
      assert.notDeepEqual(mixed, honest, name);
      assert.equal(outcomeOf(() => dialect.read(mixed)), "certificate-mismatch", name); // prettier-ignore
    }
  });

  it("refuses every header that is there twice, in whatever spelling", () => {
    for (const line of honest) {
      for (const name of [line[0], line[0].toLowerCase(), line[0].replaceAll("-", "_"), `HTTP_${line[0]}`]) {
        for (const lines of [
          [...honest, [name, line[1]] as const],
          [[name, ""] as const, ...honest],
        ]) {
          assert.equal(outcomeOf(() => dialect.read(lines)), "subject-repeated", name); // prettier-ignore
        }
      }
    }
  });

  it("throws nothing but IdentityErrors at hostile lines, and believes one certificate or nothing", () => {
    let refused = 0;
    fc.assert(
      fc.property(hostileLines(honest), (lines) => {
        let read: AssertedIdentity | undefined;
        const code = outcomeOf(() => (read = dialect.read(lines)));
        if (code !== "accepted") refused += 1;
        // An octet that is changed inside the certificate makes another one, which its reader cannot know: the gateway's
        // word stands for the whole request. What it must not do is to mix two.
        else if (read?.certificate) assert.deepEqual(read, assertedBy(read.certificate));
      }),
      { numRuns: 500 },
    );
    assert.ok(refused > 100, `only ${refused} were refused`);
  });

  it("refuses a value of 100000 characters in no time", () => {
    for (const [name] of honest) {
      for (const piece of ["A", "%41", ",", "\\2C", "CN=a,", "CN=a+", ":", "=", " ", "00", "-----BEGIN CERTIFICATE-----\n", "%0A", "/a", "MAA=,"]) {
        const started = performance.now();
        outcomeOf(() => dialect.read(withValue(honest, name, piece.repeat(100_000 / piece.length))));
        const took = performance.now() - started;
        assert.ok(took < 1000, `${name} of ${JSON.stringify(piece)} took ${took} ms`);
      }
    }
  }); // prettier-ignore

  it("writes nothing of a certificate that was not believed, and nobody is read from it", () => {
    const failed = dialect.write(visitOf({ verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate: grace }));
    const secrets = [/Grace|Virginia|Authority|spiffe|flask/, new RegExp(grace.sha256), new RegExp(grace.serialNumber)];
    for (const secret of secrets) assert.doesNotMatch(failed.join("\n"), secret);
    let read: AssertedIdentity | undefined;
    assert.match(outcomeOf(() => (read = dialect.read(failed))), /^(?:accepted|verification-failed)$/);
    assert.equal(read, undefined);
  }); // prettier-ignore

  it("tells that there was no certificate, and does not believe it with one", () => {
    const none = dialect.write(visitOf({ verify: "NONE" }));
    assert.equal(dialect.read(none), undefined);
    const names = new Set(none.map(([name]) => name));
    const extra = honest.filter(([name]) => !names.has(name) && name === carrier);
    if (none.length > 0) {
      assert.equal(outcomeOf(() => dialect.read([...none, ...extra])), "verification-failed");
      assert.equal(outcomeOf(() => dialect.read([])), "verification-missing");
    }
  }); // prettier-ignore
}

function texts(asserted: AssertedIdentity | undefined) {
  return asserted?.subject?.map((rdn) => rdn.map(({ type, value }) => `${type}=${value ?? ""}`));
}
