import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { printRfc4514 } from "../rfc4514.ts";
import {
  assertCannotBeForged,
  assertLinear,
  assertRefusesHostileLines,
} from "../testing/cannot-be-forged.ts";
import { generalizedTime, utcTime, utf8 } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, mallory, personCalled, visitOf } from "../testing/visits.ts";
import type { HeaderLine } from "./dialect.ts";
import { haproxy } from "./haproxy.ts";

const all = haproxy.variables ?? [];
const subjectHeader = "X-SSL-Client-DN";
const certificateHeader = "X-SSL-Client-DER";
const verifyHeader = "X-SSL-Client-Verify";
const der = { variables: [certificateHeader] };

describe("haproxy writes", () => {
  it("the headers of HAProxy's documentation, as HAProxy 2.6 fills them", () => {
    assert.deepEqual(haproxy.write(visitOf(grace)), [
      ["X-SSL", "1"],
      ["X-SSL-Session_ID", "00FF".repeat(16)],
      [verifyHeader, "0"],
      [subjectHeader, "/C=US/ST=Virginia/CN=Grace Hopper"],
      ["X-SSL-Client-CN", "Grace Hopper"],
      ["X-SSL-Issuer", "/C=US/CN=Test Authority"],
      ["X-SSL-Client-NotBefore", "260101000000Z"],
      ["X-SSL-Client-NotAfter", "360101000000Z"],
      ["X-SSL-Client-SHA1", grace.sha1.toUpperCase()],
    ]);
  });

  it("the certificate where a route asks for it, and the verdict in any case", () => {
    assert.deepEqual(haproxy.write(visitOf(grace), der), [
      [verifyHeader, "0"],
      [certificateHeader, grace.der.toString("base64")],
    ]);
  });

  it("no verdict without a certificate: 0 would be everybody's", () => {
    assert.deepEqual(haproxy.write(visitOf({ verify: "NONE" })), [
      ["X-SSL", "1"],
      ["X-SSL-Session_ID", "00FF".repeat(16)],
    ]);
    assert.deepEqual(haproxy.write({ ...visitOf({ verify: "NONE" }), tls: undefined }), []);
  });

  it("OpenSSL's number for a verdict, 1 for one of our own, and never 0", () => {
    for (const [reason, number] of [["CERT_HAS_EXPIRED", "10"], ["CERT_REVOKED", "23"], ["SOMETHING_ELSE", "1"], ["0", "1"], ["", "1"]] as const) {
      const lines = haproxy.write(visitOf({ verify: "FAILED", reason, certificate: grace }), { variables: all });
      assert.deepEqual(lines.slice(2), [[verifyHeader, number]]);
      assert.equal(outcomeOf(() => haproxy.read(lines)), "verification-failed");
    }
  }); // prettier-ignore

  it("no time that two digits would put in another century", () => {
    const validity = [utcTime("500101000000Z"), generalizedTime("20500101000000Z")] as const;
    const lines = new Map(haproxy.write(visitOf(personCalled("x", { validity }))));
    assert.equal(lines.get("X-SSL-Client-NotBefore"), "500101000000Z");
    assert.equal(lines.get("X-SSL-Client-NotAfter"), undefined);
  });

  for (const commonName of [
    "a/CN=Grace Hopper",
    "a=b",
    "a+b",
    "a,b",
    "a\\b",
    "é",
    "a\0",
    "\u202e",
    " a",
    "a ",
  ]) {
    it(`no name that holds ${JSON.stringify(commonName)}, but the certificate`, () => {
      const person = personCalled(commonName);
      for (const variables of [undefined, [subjectHeader], ["X-SSL-Client-CN"]]) {
        assert.equal(outcomeOf(() => haproxy.write(visitOf(person), { variables })), "subject-ambiguous"); // prettier-ignore
      }
      assert.deepEqual(haproxy.read(haproxy.write(visitOf(person), der))?.certificate, person);
    });
  }
});

describe("haproxy reads", () => {
  const written = haproxy.write(visitOf(grace), { variables: all });
  const others = new Map(haproxy.write(visitOf(mallory), { variables: all }));
  const usual = written.filter(([name]) => name !== certificateHeader);
  const replaced = (lines: readonly HeaderLine[], name: string, value = others.get(name) ?? "") =>
    lines.map((line): HeaderLine => (line[0] === name ? [name, value] : line));
  const without = (name: string) => usual.filter((line) => line[0] !== name);

  it("the certificate where there is one, else the name", () => {
    assert.deepEqual(haproxy.read(written)?.certificate, grace);
    const asserted = haproxy.read(usual);
    assert.equal(printRfc4514(asserted?.subject ?? []), "CN=Grace Hopper,ST=Virginia,C=US");
    assert.equal(printRfc4514(asserted?.issuer ?? []), "CN=Test Authority,C=US");
  });

  it("no issuer that the slash form cannot tell, but the subject all the same", () => {
    const person = personCalled("Grace Hopper", { issuer: [[["2.5.4.10", utf8("Example, Inc.")]]] });
    const lines = haproxy.write(visitOf(person));
    assert.ok(lines.some(([, value]) => value === "/O=Example, Inc."));
    const asserted = haproxy.read(lines);
    assert.equal(asserted?.issuer, undefined);
    assert.ok(asserted?.subject);
  });

  it("nobody where only the connection is spoken of", () => {
    assert.equal(haproxy.read([["X-SSL", "1"]]), undefined);
  });

  const empty = usual.map(([name, value]): HeaderLine => [name, name.startsWith("X-SSL-C") ? "" : value]);
  const refusals: Record<string, [lines: readonly HeaderLine[], code: string]> = {
    "what HAProxy says of a client without a certificate": [replaced(empty, verifyHeader, "0"), "subject-missing"],
    "a 0 alone": [[[verifyHeader, "0"]], "subject-missing"],
    "a subject without a verdict": [without(verifyHeader), "verification-missing"],
    "a certificate without a verdict": [written.filter(([name]) => name === certificateHeader), "verification-missing"],
    "a CN without a subject": [without(subjectHeader), "subject-missing"],
    "another verdict": [replaced(usual, verifyHeader, "10"), "verification-failed"],
    "00": [replaced(usual, verifyHeader, "00"), "verification-failed"],
    "an empty verdict": [replaced(usual, verifyHeader, ""), "verification-failed"],
    "two verdicts": [[...usual, [verifyHeader, "0"]], "subject-repeated"],
    "two subjects": [[...usual, ["x_ssl_client_dn", "/CN=Mallory"]], "subject-repeated"],
    "two CNs": [[...usual, ["X-SSL-Client-CN", "Mallory"]], "subject-repeated"],
    "two sessions": [[...usual, ["X-SSL-Session-ID", "00"]], "subject-repeated"],
    "two joined subjects": [replaced(usual, subjectHeader, "/CN=Grace Hopper, /CN=Mallory"), "subject-ambiguous"],
    "a subject with two CNs": [replaced(usual, subjectHeader, "/CN=Grace Hopper/CN=Mallory"), "subject-ambiguous"],
    "another's CN": [replaced(usual, "X-SSL-Client-CN"), "certificate-mismatch"],
    "another's certificate": [replaced(written, certificateHeader), "certificate-mismatch"],
    "another's subject": [replaced(written, subjectHeader), "certificate-mismatch"],
    "another's fingerprint": [replaced(written, "X-SSL-Client-SHA1"), "certificate-mismatch"],
    "a certificate that is none": [replaced(written, certificateHeader, "AAAA"), "certificate-malformed"],
    "an empty certificate": [replaced(written, certificateHeader, ""), "certificate-malformed"],
    "RFC 4514": [replaced(usual, subjectHeader, "CN=Grace Hopper"), "name-malformed"],
  }; // prettier-ignore
  for (const [what, [lines, code]] of Object.entries(refusals)) {
    it(`not ${what}`, () => {
      assert.equal(outcomeOf(() => haproxy.read(lines)), code); // prettier-ignore
      assert.equal(outcomeOf(() => haproxy.read(lines.toReversed())), code); // prettier-ignore
    });
  }
});

describe("haproxy cannot be forged", () => {
  const forgeries = [
    "/CN=Grace Hopper",
    "x/CN=Grace Hopper",
    "\\/CN=Grace",
    "+CN=Grace",
    "\r\nX-SSL-Client-CN: Grace",
    '"',
  ];

  it("by any certificate, in its name", () => {
    const carried = assertCannotBeForged(haproxy, { forgeries });
    assert.ok(carried > 10, String(carried));
  });

  it("by any certificate, in the certificate", () => {
    const altNames = ["emails", "dnsNames", "uris"] as const;
    assert.equal(assertCannotBeForged(haproxy, { ...der, forgeries, altNames }), 500);
  });

  it("by hostile lines, which get an IdentityError or an answer in linear time", () => {
    assertRefusesHostileLines(haproxy);
    assertRefusesHostileLines(haproxy, all);
    assertLinear(haproxy, ["/", "/CN=x", "=", "/O=", "\\", "A", " "]);
    assertLinear(haproxy, ["A", "=", "AAAA"], [certificateHeader]);
  });
});
