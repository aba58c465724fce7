import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { printRfc4514 } from "../rfc4514.ts";
import {
  assertCannotBeForged,
  assertLinear,
  assertRefusesHostileLines,
} from "../testing/cannot-be-forged.ts";
import { generalizedTime, generalNames, subjectAltName, userPrincipalName, utcTime, utf8, type DerAttribute } from "../testing/der.ts"; // prettier-ignore
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, intermediate, mallory, personCalled, visitOf } from "../testing/visits.ts";
import type { HeaderLine } from "./dialect.ts";
import { traefik } from "./traefik.ts";

const certificateHeader = "X-Forwarded-Tls-Client-Cert";
const infoHeader = "X-Forwarded-Tls-Client-Cert-Info";
const base64 = (certificate: typeof grace) => certificate.der.toString("base64");

/** What Go's url.QueryEscape makes of it: of what JavaScript has, the encoding of forms is nearest. */
const queryEscape = (text: string) =>
  new URLSearchParams([["", text]]).toString().slice(1).replaceAll("*", "%2A").replaceAll("%7E", "~");
const infoOf = (...args: Parameters<typeof traefik.write>) =>
  new URLSearchParams(`x=${new Map(traefik.write(...args)).get(infoHeader) ?? ""}`).get("x");
const readInfo = (text: string) => traefik.read([[infoHeader, queryEscape(text)]]);

const rdns = (...pairs: readonly (readonly [type: string, value: string])[]) =>
  pairs.map(([type, value]): DerAttribute[] => [[type, utf8(value)]]);

describe("traefik writes", () => {
  it("the fields of Traefik's own example, escaped as Go escapes a query", () => {
    const [dc, c, st, l, o, cn] = ["0.9.2342.19200300.100.1.25", "2.5.4.6", "2.5.4.8", "2.5.4.7", "2.5.4.10", "2.5.4.3"]; // prettier-ignore
    const cheese = (states: readonly [string, string], commonName: string) =>
      rdns([dc, "org"], [dc, "cheese"], [c, "FR"], [c, "US"], [st, states[0]], [st, states[1]], [l, "TOULOUSE"], [l, "LYON"], [o, "Cheese"], [o, "Cheese 2"], [cn, commonName]); // prettier-ignore
    const client = personCalled("", {
      subject: cheese(["Cheese org state", "Cheese com state"], "*.example.com"),
      issuer: cheese(["Signing State", "Signing State 2"], "Simple Signing CA 2"),
      serial: Buffer.from("6a2f20f8ce8d4852bad9bbbe60ecbf79", "hex"),
      validity: [utcTime("181206111016Z"), utcTime("201205111016Z")],
      extensions: [
        subjectAltName(
          generalNames.ip(10, 0, 1, 0),
          generalNames.ip(10, 0, 1, 2),
          generalNames.email("test@example.org"),
          generalNames.email("test@example.net"),
          generalNames.uri("spiffe://example.org/x"),
          ...["*.example.org", "*.example.net", "*.example.com"].map(generalNames.dns),
          generalNames.other(userPrincipalName, utf8("left@out")),
        ),
      ],
    });
    const text =
      'Subject="DC=org,DC=cheese,C=FR,C=US,ST=Cheese org state,ST=Cheese com state,L=TOULOUSE,L=LYON,O=Cheese,O=Cheese 2,CN=*.example.com";' +
      'Issuer="DC=org,DC=cheese,C=FR,C=US,ST=Signing State,ST=Signing State 2,L=TOULOUSE,L=LYON,O=Cheese,O=Cheese 2,CN=Simple Signing CA 2";' +
      'SerialNumber="141142874255168551917600297745052909433";NB="1544094616";NA="1607166616";' +
      'SAN="*.example.org,*.example.net,*.example.com,test@example.org,test@example.net,10.0.1.0,10.0.1.2,spiffe://example.org/x"';
    assert.equal(infoOf(visitOf(client)), text);
    assert.deepEqual(traefik.write(visitOf(client), { variables: [infoHeader] }), [
      [infoHeader, queryEscape(text)],
    ]);
  });

  it("the certificate and its chain as base64 joined by commas, the leaf first", () => {
    assert.deepEqual(traefik.write(visitOf(grace), { variables: [certificateHeader] }), [
      [certificateHeader, `${base64(grace)},${base64(intermediate)}`],
    ]);
  });

  it("a serialNumber as SN, which leaves no name for a surname", () => {
    const numbered = personCalled("", {
      subject: rdns(["2.5.4.5", "123"], ["2.5.4.3", "x"]),
      extensions: [],
    });
    assert.match(infoOf(visitOf(numbered)) ?? "", /^Subject="SN=123,CN=x";/);
    const surname = personCalled("", {
      subject: rdns(["2.5.4.4", "Hopper"], ["2.5.4.3", "x"]),
      extensions: [],
    });
    assert.equal(outcomeOf(() => traefik.write(visitOf(surname))), "subject-ambiguous"); // prettier-ignore
  });

  it("letters of any script in UTF-8", () => {
    const lines = traefik.write(visitOf(personCalled("José 山田", { extensions: [] })), {
      variables: [infoHeader],
    });
    assert.match(lines.join(), /CN%3DJos%C3%A9\+%E5%B1%B1%E7%94%B0%22/);
    assert.match(printRfc4514(traefik.read(lines)?.subject ?? []), /^CN=Jos\\C3\\A9 /);
  });

  it("no issuer that the text cannot carry, and no date before 1970", () => {
    const person = personCalled("x", {
      issuer: rdns(["2.5.4.10", "Example, Inc."]),
      validity: [utcTime("500101000000Z"), generalizedTime("99991231235959Z")],
    });
    assert.match(infoOf(visitOf(person)) ?? "", /^Subject="[^"]+";SerialNumber="1";NA="253402300799";SAN="/);
    assert.equal(
      traefik.read(traefik.write(visitOf(person), { variables: [infoHeader] }))?.issuer,
      undefined,
    );
  });

  for (const commonName of ['"', ";", ",", "=", "\\", "%", "+", "\r\n", "\0", "\u202e", "\u00a0", "\u2028", " x", "x ", ""]) {
    it(`nothing of a CN that is ${JSON.stringify(commonName)}, but the certificate alone`, () => {
      const person = personCalled(commonName, { extensions: [] });
      assert.equal(outcomeOf(() => traefik.write(visitOf(person))), "subject-ambiguous");
      const lines = traefik.write(visitOf(person), { variables: [certificateHeader] });
      assert.deepEqual(traefik.read(lines)?.certificate, person);
    });
  } // prettier-ignore

  it("nothing of two values in one RDN, of two CNs, or of a type without a name", () => {
    const cn: DerAttribute = ["2.5.4.3", utf8("x")];
    for (const subject of [[[cn, ["2.5.4.10", utf8("y")] as const]], [[cn], [cn]], [[cn], [["1.2.3.4", utf8("y")] as const]]]) {
      assert.equal(outcomeOf(() => traefik.write(visitOf(personCalled("", { subject, extensions: [] })))), "subject-ambiguous");
    }
  }); // prettier-ignore

  it("no alternative name that reads as another kind of name", () => {
    const odd = [
      generalNames.dns("grace@flask.local"), generalNames.dns("10.0.0.1"), generalNames.dns("spiffe://flask.local/grace"),
      generalNames.email("flask.local"), generalNames.email("spiffe://flask.local/a@b"), generalNames.uri("grace@flask.local"),
      generalNames.uri("fe80:1:2:3:4:5:6:7"), generalNames.uri('x:";Subject="CN=Grace'), generalNames.email("a,grace@flask.local"),
    ]; // prettier-ignore
    for (const name of odd) {
      const person = personCalled("x", { extensions: [subjectAltName(name)] });
      assert.equal(outcomeOf(() => traefik.write(visitOf(person))), "subject-ambiguous"); // prettier-ignore
    }
  });
});

describe("traefik reads", () => {
  const written = new Map(traefik.write(visitOf(grace)));

  it("the certificate where there is one", () => {
    assert.deepEqual(traefik.read([...written])?.certificate, grace);
  });

  it("the fields alone, with the alternative names by their kind", () => {
    const asserted = traefik.read([[infoHeader, written.get(infoHeader) ?? ""]]);
    assert.equal(printRfc4514(asserted?.subject ?? []), "CN=Grace Hopper,ST=Virginia,C=US");
    assert.equal(printRfc4514(asserted?.issuer ?? []), "CN=Test Authority,C=US");
    const { emails, dnsNames, uris } = grace.subjectAltNames;
    assert.deepEqual([asserted?.emails, asserted?.dnsNames, asserted?.uris], [emails, dnsNames, uris]);
  });

  const own = written.get(certificateHeader) ?? "";
  const lineRefusals: Record<string, [lines: readonly HeaderLine[], code: string]> = {
    "two certificate lines": [[[certificateHeader, own], [certificateHeader, own]], "subject-repeated"],
    "two lines joined by a framework": [[[certificateHeader, `${own}, ${base64(mallory)}`]], "certificate-malformed"],
    "two joined lines of fields": [[[infoHeader, `${written.get(infoHeader) ?? ""}, x`]], "name-malformed"],
    "another's fields": [[...traefik.write(visitOf(mallory), { variables: [infoHeader] }), [certificateHeader, own]], "certificate-mismatch"],
    "an escaped certificate, as Traefik had before 2.9.4": [[[certificateHeader, encodeURIComponent(own)]], "certificate-malformed"],
    "an empty certificate": [[[certificateHeader, ""]], "certificate-malformed"],
    "a certificate with a gap before it": [[[certificateHeader, `,${own}`]], "certificate-malformed"],
    "fields that are not escaped": [[[infoHeader, 'Subject="CN=x"']], "name-malformed"],
    "fields that are escaped twice": [[[infoHeader, queryEscape(queryEscape('Subject="CN=x"'))]], "name-malformed"],
  }; // prettier-ignore
  for (const [what, [lines, code]] of Object.entries(lineRefusals)) {
    it(`not ${what}`, () => {
      assert.equal(outcomeOf(() => traefik.read(lines)), code); // prettier-ignore
    });
  }

  const refusals: Record<string, [text: string, code: string]> = {
    "no subject": ['Issuer="CN=x";NB="1"', "subject-missing"],
    nothing: ["", "subject-missing"],
    "an empty subject": ['Subject=""', "name-malformed"],
    "a second subject": ['Subject="CN=x";Subject="CN=Grace Hopper"', "name-malformed"],
    "a second certificate": ['Subject="CN=x",Subject="CN=Grace Hopper"', "name-malformed"],
    "two CNs": ['Subject="CN=x,CN=Grace Hopper"', "name-malformed"],
    "an unknown type": ['Subject="CN=x,FOO=y"', "name-malformed"],
    "a quoted issuer in a subject": ['Subject="CN=x";Issuer="CN=y"z"', "name-malformed"],
    "a value with an equals sign": ['Subject="CN=x=y"', "name-malformed"],
    "spaces around a value": ['Subject="CN= x"', "name-malformed"],
    "a separator at the end": ['Subject="CN=x";', "name-malformed"],
    "fields in another order": ['NB="1";Subject="CN=x"', "name-malformed"],
    "a control": ['Subject="CN=x\n"', "name-malformed"],
    "a surname": ['Subject="serialNumber=x"', "name-malformed"],
  };
  for (const [what, [text, code]] of Object.entries(refusals)) {
    it(`not ${what}`, () => {
      assert.equal(outcomeOf(() => readInfo(text)), code); // prettier-ignore
    });
  }
});

describe("traefik cannot be forged", () => {
  const forgeries = [
    '",Issuer="CN=x', '";Subject="CN=Grace Hopper', ",CN=Grace Hopper", "x,Subject=CN", "%22%3BSubject%3D%22CN%3DGrace", "Grace+Hopper", "\\", "\r\n",
  ]; // prettier-ignore
  it("by any certificate, in the fields", () => {
    const altNames = ["emails", "dnsNames", "uris"] as const;
    const carried = assertCannotBeForged(traefik, { variables: [infoHeader], forgeries, altNames });
    assert.ok(carried > 10, String(carried));
  });

  it("by any certificate, in the certificate", () => {
    const altNames = ["emails", "dnsNames", "uris"] as const;
    assert.equal(assertCannotBeForged(traefik, { variables: [certificateHeader], forgeries, altNames }), 500);
  });

  it("by hostile lines, which get an IdentityError or an answer in linear time", () => {
    assertRefusesHostileLines(traefik);
    assertRefusesHostileLines(traefik, [infoHeader]);
    const pieces = ["+", "%", "%22", "%3B", ",", "A", "AAAA,", "%2C", "CN%3Dx%2C", "a%40", "%2CC%3DUS", "."];
    assertLinear(traefik, pieces);
    assertLinear(traefik, pieces, [infoHeader]);
  });
});
