import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCertificate } from "../certificate.ts";
import { printRfc4514 } from "../rfc4514.ts";
import {
  assertCannotBeForged,
  assertLinear,
  assertRefusesHostileLines,
} from "../testing/cannot-be-forged.ts";
import { generalNames, mintCertificate, subjectAltName, utf8 } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, intermediate, mallory, personCalled, visitOf } from "../testing/visits.ts";
import { envoy } from "./envoy.ts";

const header = "X-Forwarded-Client-Cert";
const all = envoy.variables ?? [];
const valueOf = (...args: Parameters<typeof envoy.write>) => envoy.write(...args)[0]?.[1] ?? "";
const read = (value: string) => envoy.read([[header, value]]);

// The hash and the names of the example in Envoy's documentation.
const hash = "468ed33be74eee6556d90c0149c1309e9ba61d6425303443c0748a02dd8de688";
const documented = `By=http://frontend.lyft.com;Hash=${hash};Subject="CN=Test Client,OU=Lyft,L=San Francisco,ST=CA,C=US";URI=http://testclient.lyft.com;DNS=lyft.com;DNS=www.lyft.com`;

describe("envoy writes", () => {
  it("By, Hash, Subject, URI and DNS as Envoy's documentation has them", () => {
    const server = readCertificate(
      mintCertificate({ extensions: [subjectAltName(generalNames.uri("http://frontend.lyft.com"))] }),
    );
    const names = [["2.5.4.6", "US"], ["2.5.4.8", "CA"], ["2.5.4.7", "San Francisco"], ["2.5.4.11", "Lyft"], ["2.5.4.3", "Test Client"]] as const; // prettier-ignore
    const client = personCalled("", {
      subject: names.map(([type, value]) => [[type, utf8(value)] as const]),
      extensions: [
        subjectAltName(
          generalNames.uri("http://testclient.lyft.com"),
          generalNames.dns("lyft.com"),
          generalNames.dns("www.lyft.com"),
        ),
      ],
    });
    assert.equal(valueOf({ ...visitOf(client), server }), documented.replace(hash, client.sha256));
  });

  it("the certificate and the chain, leaf included, as quoted percent-encoded PEM", () => {
    const value = valueOf(visitOf(grace), { variables: ["Cert", "Chain"] });
    const [, cert = "", chain = ""] = /^Hash=[0-9a-f]{64};Cert="([^"]*)";Chain="([^"]*)"$/.exec(value) ?? [];
    assert.match(cert, /^-----BEGIN%20CERTIFICATE-----%0AMI[A-Za-z0-9%.-]+-----END%20CERTIFICATE-----%0A$/);
    assert.equal(decodeURIComponent(cert), grace.pem);
    assert.equal(decodeURIComponent(chain), grace.pem + intermediate.pem);
  });

  it("quotes where a value holds a separator", () => {
    const person = personCalled("x", {
      extensions: [subjectAltName(generalNames.uri("spiffe://a/b;c,d=e"))],
    });
    const value = valueOf(visitOf(person));
    assert.match(value, /;URI="spiffe:\/\/a\/b;c,d=e"$/);
    assert.deepEqual(read(value)?.uris, ["spiffe://a/b;c,d=e"]);
  });

  it("no special character of a name but in hex", () => {
    const value = valueOf(visitOf(personCalled('é", \\ ;=+#x')), { variables: ["Subject"] });
    assert.match(value, /;Subject="CN=\\C3\\A9\\22\\2C \\5C \\3B\\3D\\2B#x,ST=Virginia,C=US"$/);
    assert.equal(
      printRfc4514(read(value)?.subject ?? []),
      'CN=\\C3\\A9\\"\\, \\\\ \\;=\\+#x,ST=Virginia,C=US',
    );
  });

  it("nothing of an empty name but the key, as Envoy does", () => {
    const nobody = personCalled("", { subject: [] });
    const value = valueOf(visitOf(nobody));
    assert.match(value, /;Subject="";URI=/);
    assert.deepEqual(read(value)?.subject, []);
  });

  for (const [what, name] of Object.entries({
    "a quote": 'a"b',
    "a backslash": "a\\b",
    "a space": "a b",
    "a control": "a\r\nb",
    nothing: "",
  })) {
    // prettier-ignore
    it(`no URI or DNS name that holds ${what}`, () => {
      for (const kind of ["uri", "dns"] as const) {
        const person = personCalled("x", { extensions: [subjectAltName(generalNames[kind](name))] });
        assert.equal(outcomeOf(() => envoy.write(visitOf(person))), "subject-ambiguous"); // prettier-ignore
        assert.deepEqual(read(valueOf(visitOf(person), { variables: ["Cert"] }))?.certificate, person);
      }
    });
  }
});

describe("envoy reads", () => {
  it("the example of Envoy's documentation, with its keys in any case", () => {
    for (const value of [documented, documented.replace("Hash", "hash").replace("DNS=www", "dns=www")]) {
      const asserted = read(value);
      assert.equal(
        printRfc4514(asserted?.subject ?? []),
        "CN=Test Client,OU=Lyft,L=San Francisco,ST=CA,C=US",
      );
      assert.equal(asserted?.sha256, hash);
      assert.deepEqual(asserted.uris, ["http://testclient.lyft.com"]);
      assert.deepEqual(asserted.dnsNames, ["lyft.com", "www.lyft.com"]);
    }
  });

  it("the certificate where there is one, or the first of a chain", () => {
    for (const variables of [all, ["Cert"], ["Chain"], ["Subject", "Chain"]]) {
      assert.deepEqual(read(valueOf(visitOf(grace), { variables }))?.certificate, grace);
    }
  });

  const written = valueOf(visitOf(grace), { variables: all });
  const others = valueOf(visitOf(mallory), { variables: all });
  const swapped = (key: string) => {
    const pair = new RegExp(`;${key}=(?:"[^"]*"|[^;]*)`);
    return written.replace(pair, () => pair.exec(others)?.[0] ?? "");
  };
  const refusals: Record<string, [value: string, code: string]> = {
    "an empty value": ["", "name-malformed"],
    "(null)": ["(null)", "name-malformed"],
    "two elements, as APPEND_FORWARD makes them": [`${documented},${documented}`, "subject-repeated"],
    "a client's element before ours": [`Subject="CN=Grace Hopper",${documented}`, "subject-repeated"],
    "a second subject": [`${documented};Subject="CN=Grace Hopper"`, "subject-repeated"],
    "a second subject in another case": [`${documented};subject="CN=Grace Hopper"`, "subject-repeated"],
    "a second hash": [`${documented};Hash=${hash}`, "subject-repeated"],
    "no subject": [`Hash=${hash};URI=spiffe://flask.local/grace`, "subject-missing"],
    "an empty subject alone": [`Hash=${hash};Subject=""`, "subject-missing"],
    "the slash form, which has no sound escape": [`Hash=${hash};Subject="/C=US/CN=Test Client"`, "name-malformed"],
    "an escaped quote, which readers differ on": [`Hash=${hash};Subject="CN=\\"x\\""`, "name-malformed"],
    "an escaped backslash": [`Hash=${hash};Subject="CN=x\\\\"`, "name-malformed"],
    "a quote left open": [`Hash=${hash};Subject="CN=x`, "name-malformed"],
    "something behind a quoted value": [`Hash=${hash};Subject="CN=x"y`, "name-malformed"],
    "an unquoted separator": [`Hash=${hash};URI=a=b;Subject="CN=x"`, "name-malformed"],
    "an unknown key": [`Hash=${hash};Subject="CN=x";User=Grace`, "name-malformed"],
    "a space between pairs": [`Hash=${hash}; Subject="CN=x"`, "name-malformed"],
    "an empty pair": [`Hash=${hash};;Subject="CN=x"`, "name-malformed"],
    "a separator at the end": [`Subject="CN=x";`, "name-malformed"],
    "a comma at the end": [`Subject="CN=x",`, "subject-repeated"],
    "a hash that is none": [`Hash=abc;Subject="CN=x"`, "certificate-malformed"],
    "octets that are not ASCII": [`Subject="CN=é"`, "name-malformed"],
    "a certificate that is none": [`Cert="x"`, "certificate-malformed"],
    "an empty certificate": [`Cert=""`, "certificate-malformed"],
    "two certificates in one": [`Cert="${encodeURIComponent(grace.pem + mallory.pem)}"`, "certificate-mismatch"],
    "another's certificate": [swapped("Cert"), "certificate-mismatch"],
    "another's chain": [swapped("Chain"), "certificate-mismatch"],
    "another's subject": [swapped("Subject"), "certificate-mismatch"],
    "another's URI": [swapped("URI"), "certificate-mismatch"],
    "another's hash": [written.replace(grace.sha256, mallory.sha256), "certificate-mismatch"],
  }; // prettier-ignore
  for (const [what, [value, code]] of Object.entries(refusals)) {
    it(`not ${what}`, () => {
      assert.equal(outcomeOf(() => read(value)), code); // prettier-ignore
    });
  }
});

describe("envoy cannot be forged", () => {
  const forgeries = [
    '";Subject="CN=Grace Hopper', ',Subject="CN=Grace Hopper"', ';URI=spiffe://flask.local/grace;x="', "x,CN=Grace Hopper",
    "\\", '\\"', '\\\\";Subject="CN=Grace Hopper', "%22;Subject=%22CN=Grace", 'x\r\nX-Forwarded-Client-Cert: Subject="CN=Grace Hopper"',
  ]; // prettier-ignore
  for (const variables of [undefined, ["Subject"], all]) {
    it(`by any certificate, with ${variables?.join() ?? "the usual variables"}`, () => {
      const altNames = variables?.length === 1 ? [] : (["dnsNames", "uris"] as const);
      const carried = assertCannotBeForged(envoy, { variables, forgeries, altNames });
      assert.ok(carried > 50, String(carried));
    }); // prettier-ignore
  }

  it("not even to a reader that knows no quotes and splits at every separator", () => {
    for (const forgery of forgeries) {
      const value = valueOf(visitOf(personCalled(forgery)), { variables: ["Subject"] });
      assert.equal(value.split(";").length, 2, value);
      assert.equal(value.split(/[;,"]/).filter((part) => part.startsWith("CN=")).length, 1, value);
      assert.doesNotMatch(value, /\\["\\]/);
    }
  });

  it("by hostile lines, which get an IdentityError or an answer in linear time", () => {
    assertRefusesHostileLines(envoy, all);
    assertRefusesHostileLines(envoy);
    assertLinear(envoy, ['"', "\\", '\\"', ";", ",", "URI=a;", "DNS=", '";', "%", "%41", " ", "a"]);
    assertLinear(envoy, ["-----BEGIN%20CERTIFICATE-----%0A", "%0A", "A", "A%0A"], ["Cert"]);
  });
});
