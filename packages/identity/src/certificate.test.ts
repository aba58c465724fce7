import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { readCertificate } from "./certificate.ts";
import { printRfc4514 } from "./rfc4514.ts";
import { generalizedTime, mintCertificate, sequence, stringTags, tlv, utcTime, utf8 } from "./testing/der.ts";
import { openssl } from "./testing/openssl.ts";
import { outcomeOf } from "./testing/outcome-of.ts";

const CN = "2.5.4.3";

describe("the serial number", () => {
  const serials: Record<string, [content: number[], printed: string]> = {
    zero: [[0], "00"],
    one: [[1], "01"],
    "one octet": [[0x7f], "7F"],
    "with a leading zero octet": [[0, 0x80], "80"],
    "minus one": [[0xff], "-01"],
    "minus 128": [[0x80], "-80"],
    "minus 256": [[0xff, 0x00], "-0100"],
    "half an octet more": [[0x0a, 0xbc], "0ABC"],
    "twenty octets": [
      Array.from({ length: 20 }, (_, at) => at + 1),
      "0102030405060708090A0B0C0D0E0F1011121314",
    ],
    "forty octets": [Array.from({ length: 40 }, () => 0x5a), "5A".repeat(40)],
    "a very negative one": [[0xf0, ...Array.from({ length: 19 }, () => 0)], `-10${"00".repeat(19)}`],
  };
  for (const [what, [content, printed]] of Object.entries(serials)) {
    it(`${what} is printed as openssl and Apache print it`, () => {
      const der = mintCertificate({ serial: Buffer.from(content) });
      assert.equal(readCertificate(der).serialNumber, printed);
      const pem = new X509Certificate(der).toString();
      // openssl breaks long ones into lines
      const line = openssl(["x509", "-noout", "-serial"], pem).replaceAll("\\\n", "");
      assert.equal(line, `serial=${printed}`);
    });
  }
});

describe("the dates", () => {
  it("are UTC instants, from either kind of time and any century", () => {
    const read = (from: Buffer, to: Buffer) => {
      const { notBefore, notAfter } = readCertificate(mintCertificate({ validity: [from, to] }));
      return [new Date(notBefore).toISOString(), new Date(notAfter).toISOString()];
    };
    assert.deepEqual(read(utcTime("210305040506Z"), generalizedTime("99991231235959Z")), [
      "2021-03-05T04:05:06.000Z",
      "9999-12-31T23:59:59.000Z",
    ]);
    assert.deepEqual(read(utcTime("500101000000Z"), utcTime("491231235959Z")), [
      "1950-01-01T00:00:00.000Z",
      "2049-12-31T23:59:59.000Z",
    ]);
    assert.deepEqual(read(generalizedTime("20240229120000Z"), generalizedTime("20500101000000Z")), [
      "2024-02-29T12:00:00.000Z",
      "2050-01-01T00:00:00.000Z",
    ]);
  });

  const broken: Record<string, Buffer> = {
    "no date at all": utcTime("yesterday"),
    "an empty time": utcTime(""),
    "a thirteenth month": utcTime("211301000000Z"),
    "the 30th of February": utcTime("210230000000Z"),
    "another type": utf8("210305040506Z"),
  };
  for (const [what, time] of Object.entries(broken)) {
    it(`that cannot be read make the certificate malformed, not endless: ${what}`, () => {
      const later = generalizedTime("20990101000000Z");
      const earlier = utcTime("200101000000Z");
      assert.equal(
        outcomeOf(() => readCertificate(mintCertificate({ validity: [earlier, time] }))),
        "certificate-malformed",
      );
      assert.equal(
        outcomeOf(() => readCertificate(mintCertificate({ validity: [time, later] }))),
        "certificate-malformed",
      );
    });
  }
});

describe("the names", () => {
  it("keep the order and grouping of the certificate, subject and issuer apart", () => {
    const der = mintCertificate({
      subject: [[["2.5.4.6", utf8("US")]], [[CN, utf8("Grace")], ["0.9.2342.19200300.100.1.1", utf8("gh")]], [["2.5.4.10", utf8("Navy")]]],
      issuer: [[["2.5.4.10", utf8("Test Authority")]], [["2.5.4.6", utf8("FR")]]],
    }); // prettier-ignore
    const { subject, issuer } = readCertificate(der);
    assert.deepEqual(
      subject.map((rdn) => rdn.map(({ type, value }) => `${type}=${value}`)),
      [["2.5.4.6=US"], ["2.5.4.3=Grace", "0.9.2342.19200300.100.1.1=gh"], ["2.5.4.10=Navy"]],
    );
    assert.equal(printRfc4514(issuer), "C=FR,O=Test Authority");
  });

  it("carry each value's own DER", () => {
    const der = mintCertificate({ subject: [[[CN, tlv(stringTags.printable, Buffer.from("Grace"))]]] });
    assert.deepEqual(readCertificate(der).subject, [[{ type: CN, value: "Grace", der: "13054772616365" }]]);
  });

  it("survive 300 attributes and a value of 20000 octets", () => {
    const units = Array.from({ length: 300 }, (_, at) => [["2.5.4.11", utf8(`unit ${at}`)] as const]);
    const subject = [...units, [[CN, utf8("x".repeat(20_000))] as const]];
    const read = readCertificate(mintCertificate({ subject })).subject;
    assert.equal(read.length, 301);
    assert.equal(read[300]?.[0]?.value?.length, 20_000);
    assert.equal(read[299]?.[0]?.value, "unit 299");
  });

  it("are read from a version 1 certificate too, and an empty subject is an empty list", () => {
    assert.deepEqual(readCertificate(mintCertificate({ version: 1, subject: [] })).subject, []);
  });
});

describe("the hashes and the PEM", () => {
  it("are those of the DER as it was sent and of its public key", () => {
    const der = mintCertificate({});
    const { sha256, spkiSha256, pem } = readCertificate(der);
    assert.equal(sha256, createHash("sha256").update(der).digest("hex"));
    const key = openssl(["x509", "-noout", "-pubkey"], pem);
    const spki = Buffer.from(key.replace(/-----[^-]+-----|\s/g, ""), "base64");
    assert.equal(spkiSha256, createHash("sha256").update(spki).digest("hex"));
    assert.deepEqual(new X509Certificate(pem).raw, der);
  });

  it("do not depend on where in memory the octets lie", () => {
    const der = mintCertificate({});
    const padded = Buffer.concat([Buffer.alloc(7, 0x30), der, Buffer.alloc(9, 0x30)]);
    assert.deepEqual(readCertificate(padded.subarray(7, 7 + der.length)), readCertificate(der));
  });
});

describe("octets that are no certificate", () => {
  const der = mintCertificate({});
  const cases: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    "one octet": Buffer.from([0x30]),
    text: Buffer.from("Grace Hopper"),
    "an empty SEQUENCE": sequence(),
    "bytes behind the certificate": Buffer.concat([der, Buffer.from([0])]),
    "a second certificate behind the first": Buffer.concat([der, der]),
    "a SEQUENCE nested 20000 deep": Array.from({ length: 20_000 }).reduce<Buffer>(
      (inner) => (inner.length > 60_000 ? inner : sequence(inner)),
      sequence(),
    ),
    "an indefinite length": Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(4), Buffer.from([0, 0])]),
    "a name in pieces": mintCertificate({ subject: [[[CN, tlv(0x2c, utf8("Grace "), utf8("Hopper"))]]] }),
    "a name in pieces, deeper": mintCertificate({
      subject: [[[CN, tlv(0x2c, tlv(0x2c, utf8("Grace Hopper")))]]],
    }),
    "an empty serial number": mintCertificate({ serial: Buffer.alloc(0) }),
    "invalid UTF-8 in the subject": mintCertificate({
      subject: [[[CN, tlv(stringTags.utf8, Buffer.from([0xff]))]]],
    }),
    "a BMPString of odd length": mintCertificate({
      subject: [[[CN, tlv(stringTags.bmp, Buffer.from([0, 65, 0]))]]],
    }),
    "a number for a name": mintCertificate({ subject: [[[CN, tlv(2, Buffer.from([42]))]]] }),
  };
  for (const [what, octets] of Object.entries(cases)) {
    it(`are certificate-malformed and nothing else: ${what}`, () => {
      assert.equal(
        outcomeOf(() => readCertificate(octets)),
        "certificate-malformed",
      );
    });
  }

  it("are certificate-malformed and nothing else: cut at every length", () => {
    for (let length = 0; length < der.length; length += 1) {
      assert.equal(
        outcomeOf(() => readCertificate(der.subarray(0, length))),
        "certificate-malformed",
      );
    }
  });

  it("never cause another error, whichever octet is changed", () => {
    for (let at = 0; at < der.length; at += 1) {
      for (const bit of [0x01, 0x20, 0x80]) {
        const changed = Buffer.from(der);
        changed[at] = (changed[at] ?? 0) ^ bit;
        assert.match(
          outcomeOf(() => readCertificate(changed)),
          /^(?:accepted|certificate-malformed)$/,
        );
      }
    }
  });
});
