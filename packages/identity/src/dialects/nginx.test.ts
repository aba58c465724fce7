import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCertificate } from "../certificate.ts";
import { mintCertificate, stringTags, tlv, utcTime, utf8, type DerAttribute } from "../testing/der.ts";
import { nameTexts } from "../testing/name-texts.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, mallory, personCalled, visitOf } from "../testing/visits.ts";
import type { AssertedIdentity, HeaderLine } from "./dialect.ts";
import { nginx } from "./nginx.ts";

const everything = { variables: nginx.variables ?? [] };
const subjectAlone = { variables: ["ssl-client-subject-dn", "ssl-client-issuer-dn"] };
const valuesOf = (lines: readonly HeaderLine[]) => Object.fromEntries(lines);
const called = (...rdns: readonly (readonly DerAttribute[])[]) =>
  readCertificate(mintCertificate({ subject: rdns }));
const cn = (text: string) => called([["2.5.4.3", utf8(text)]]);

describe("nginx writes", () => {
  it("what ingress-nginx sends, unless asked for something else", () => {
    assert.deepEqual(nginx.write(visitOf(grace)), [
      ["ssl-client-verify", "SUCCESS"],
      ["ssl-client-subject-dn", "CN=Grace Hopper,ST=Virginia,C=US"],
      ["ssl-client-issuer-dn", "CN=Test Authority,C=US"],
      [
        "ssl-client-cert",
        // PEM is nothing but letters, digits, and what stands here.
        grace.pem
          .replaceAll("+", "%2B")
          .replaceAll("/", "%2F")
          .replaceAll("=", "%3D")
          .replaceAll(" ", "%20")
          .replaceAll("\n", "%0A"),
      ],
    ]);
  });

  it("every variable that a route asks for, and the verdict always", () => {
    const { "ssl-client-cert": escaped = "", ...rest } = valuesOf(nginx.write(visitOf(grace), everything));
    assert.equal(decodeURIComponent(escaped), grace.pem);
    assert.deepEqual(rest, {
      "ssl-client-verify": "SUCCESS",
      "ssl-client-subject-dn": "CN=Grace Hopper,ST=Virginia,C=US",
      "ssl-client-issuer-dn": "CN=Test Authority,C=US",
      "ssl-client-serial": "0C0B0A0908",
      "ssl-client-fingerprint": grace.sha1,
      "ssl-client-s-dn-legacy": "/C=US/ST=Virginia/CN=Grace Hopper",
      "ssl-client-i-dn-legacy": "/C=US/CN=Test Authority",
      "ssl-client-v-start": "Jan  1 00:00:00 2026 GMT",
      "ssl-client-v-end": "Jan  1 00:00:00 2036 GMT",
      "ssl-client-v-remain": "3616",
      "ssl-protocol": "TLSv1.3",
      "ssl-cipher": "TLS_AES_256_GCM_SHA384",
      "ssl-server-name": "flask.local",
      "ssl-session-id": "00ff".repeat(16),
      "ssl-session-reused": ".",
    });
    assert.deepEqual(nginx.write(visitOf(grace), { variables: ["ssl-client-serial"] }), [
      ["ssl-client-verify", "SUCCESS"],
      ["ssl-client-serial", "0C0B0A0908"],
    ]);
  });

  it("the days that remain, rounded down, to the second", () => {
    const end = Date.UTC(2036, 0, 1);
    const day = 86_400_000;
    const remaining = (now: number) =>
      valuesOf(nginx.write({ ...visitOf(grace), now }, everything))["ssl-client-v-remain"];
    for (const [now, days] of [
      [end - 2 * day, "2"],
      [end - 2 * day + 999, "2"],
      [end - 2 * day + 1000, "1"],
      [end - day, "1"],
      [end - day + 1000, "0"],
      [end, "0"],
      [end + 10 * day, "0"],
    ] as const)
      assert.equal(remaining(now), days);
  });

  it("nothing about the client but the verdict, unless it was verified", () => {
    for (const identity of [
      { verify: "NONE" },
      { verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate: grace },
    ] as const) {
      const lines = nginx.write({ ...visitOf(identity), tls: undefined }, everything);
      assert.deepEqual(lines, [
        ["ssl-client-verify", identity.verify === "NONE" ? "NONE" : "FAILED:CERT_HAS_EXPIRED"],
      ]);
    }
  });

  it("no server name that is no host name: the client chose it", () => {
    const { tls } = visitOf(grace);
    assert.ok(tls);
    for (const serverName of ["x\r\nssl-client-verify: SUCCESS", "a b", "", "é", undefined]) {
      const lines = nginx.write({ ...visitOf({ verify: "NONE" }), tls: { ...tls, serverName } }, everything);
      assert.equal(valuesOf(lines)["ssl-server-name"], undefined);
    }
  });

  it("no slash form that could be read as somebody else's", () => {
    const ask = { variables: ["ssl-client-s-dn-legacy"] };
    for (const text of ["x/CN=Grace Hopper", "Grace ", "é", "a+b"]) {
      assert.equal(
        outcomeOf(() => nginx.write(visitOf(cn(text)), ask)),
        "subject-ambiguous",
      );
      assert.equal(
        outcomeOf(() => nginx.write(visitOf(cn(text)))),
        "accepted",
      );
    }
  });
});

describe("nginx reads", () => {
  it("the whole certificate where it is there, and the names where it is not", () => {
    assert.deepEqual(nginx.read(nginx.write(visitOf(grace)))?.certificate?.der, grace.der);
    assert.deepEqual(
      nginx.read(nginx.write(visitOf(grace), everything))?.emails,
      grace.subjectAltNames.emails,
    );
    const told = nginx.read(nginx.write(visitOf(grace), subjectAlone));
    assert.equal(told?.certificate, undefined);
    assert.deepEqual(
      told?.subject?.map(([attribute]) => attribute?.value),
      ["US", "Virginia", "Grace Hopper"],
    );
    assert.deepEqual(
      told.issuer?.map(([attribute]) => attribute?.value),
      ["US", "Test Authority"],
    );
  });

  it("a certificate that has no subject, but not a subject that is not there", () => {
    const nobody = called();
    assert.deepEqual(nginx.read(nginx.write(visitOf(nobody)))?.subject, []);
    assert.equal(
      outcomeOf(() => nginx.read(nginx.write(visitOf(nobody), subjectAlone))),
      "subject-missing",
    );
  });

  const lines = nginx.write(visitOf(grace), everything);
  const others = nginx.write(visitOf(mallory), everything);
  for (const name of [
    "ssl-client-subject-dn",
    "ssl-client-cert",
    "ssl-client-serial",
    "ssl-client-fingerprint",
  ]) {
    it(`nobody when ${name} is another's`, () => {
      const mixed = lines.map((line) =>
        line[0] === name ? (others.find(([n]) => n === name) ?? line) : line,
      );
      assert.notDeepEqual(mixed, lines);
      assert.match(
        outcomeOf(() => nginx.read(mixed)),
        /^certificate-mismatch$/,
      );
    });
  }

  it("nobody from a certificate that is not exactly one", () => {
    const escaped = encodeURIComponent(grace.pem);
    for (const value of [
      "x", "%", "%zz", "%E9", grace.pem.replaceAll("\n", " "), escaped + escaped, `${escaped}, ${escaped}`, `${escaped}x`, ` ${escaped}`,
      escaped.slice(0, -60), escaped.replaceAll("%0A", "%0D%0A"), encodeURIComponent(grace.pem + mallory.pem),
    ]) {
      const altered = lines.map(([name, old]) => [name, name === "ssl-client-cert" ? value : old] as const);
      assert.match(outcomeOf(() => nginx.read(altered)), /^(?:name|certificate)-malformed$/, value.slice(0, 60));
    }
  }); // prettier-ignore

  it("nobody unless the verdict is SUCCESS, there once", () => {
    const [, ...rest] = lines;
    const verdicts: readonly (readonly [lines: readonly HeaderLine[], code: string])[] = [
      [rest, "verification-missing"],
      [[["ssl-client-verify", ""], ...rest], "verification-failed"],
      [[["ssl-client-verify", "NONE"], ...rest], "verification-failed"],
      [[["ssl-client-verify", "NONE"], ["ssl-client-fingerprint", "x"]], "verification-failed"],
      [[["ssl-client-verify", "success"], ...rest], "verification-failed"],
      [[["ssl-client-verify", "FAILED:x"], ...rest], "verification-failed"],
      [[["SSL_CLIENT_VERIFY", "SUCCESS"], ...lines], "subject-repeated"],
      [[["Ssl.Client.Cert", ""], ...lines], "subject-repeated"],
      [[["ssl-client-verify", "SUCCESS"]], "subject-missing"],
      [[["ssl-client-verify", "SUCCESS"], ["ssl-client-serial", "77"]], "subject-missing"],
    ]; // prettier-ignore
    for (const [told, code] of verdicts) {
      assert.equal(
        outcomeOf(() => nginx.read(told)),
        code,
        JSON.stringify(told[0]),
      );
    }
  });

  it("of any certificate whatever was written of it, with the certificate or without", () => {
    const types = fc.constantFrom("2.5.4.3", "2.5.4.10", "0.9.2342.19200300.100.1.44", "1.2.3.4");
    const hostile = fc.string({
      unit: fc.constantFrom(...Array.from('aCN=/+,;\\ é\0\r\n\t#"<>%\x7f🦆\u202e')),
      maxLength: 8,
    });
    const encoded = fc.oneof(
      hostile.map(utf8),
      hostile.map((text) => tlv(stringTags.t61, Buffer.from(text, "latin1"))),
      fc.uint8Array({ maxLength: 3 }).map((bits) => tlv(3, Buffer.from([0, ...bits]))),
    );
    const names = fc.array(fc.array(fc.tuple(types, encoded), { minLength: 1, maxLength: 2 }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(names, names, (subject, issuer) => {
        const certificate = readCertificate(mintCertificate({ subject, issuer }));
        for (const options of [undefined, subjectAlone]) {
          // As a strict HTTP receiver hands it on.
          const arrived = nginx
            .write(visitOf(certificate), options)
            .map(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, "")] as const);
          const told: AssertedIdentity | undefined = nginx.read(arrived);
          assert.deepEqual(told?.subject && nameTexts(told.subject), nameTexts(certificate.subject));
          assert.deepEqual(told?.issuer && nameTexts(told.issuer), nameTexts(certificate.issuer));
          for (const [, value] of arrived) assert.match(value, /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("a name that somebody wrote in UTF-8 as that name, and octets that are none as nobody", () => {
    const told = (subject: string) =>
      nginx.read([
        ["ssl-client-verify", "SUCCESS"],
        ["ssl-client-subject-dn", subject],
      ]);
    assert.equal(told("CN=Jos\xc3\xa9")?.subject?.[0]?.[0]?.value, "José");
    assert.equal(
      outcomeOf(() => told("CN=Jos\xe9")),
      "name-malformed",
    );
  });

  it("odd serials and dates as they are", () => {
    const odd = personCalled("Test Subject", {
      serial: Buffer.from("ff", "hex"),
      validity: [utcTime("500305040506Z"), tlv(24, Buffer.from("99991231235959Z"))],
    });
    const values = valuesOf(nginx.write(visitOf(odd), everything));
    assert.equal(values["ssl-client-serial"], "-01");
    assert.equal(values["ssl-client-v-start"], "Mar  5 04:05:06 1950 GMT");
    assert.equal(values["ssl-client-v-end"], "Dec 31 23:59:59 9999 GMT");
    assert.equal(
      outcomeOf(() => nginx.read(nginx.write(visitOf(odd), everything))),
      "accepted",
    );
  });
});
