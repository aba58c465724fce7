import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCertificate } from "../certificate.ts";
import { carriesCertificates, valueOf, withValue } from "../testing/certificate-dialect.ts";
import { mintCertificate, nameOf, utcTime, utf8 } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, mallory, visitOf } from "../testing/visits.ts";
import { withAltNames } from "../testing/with-alt-names.ts";
import { gcp } from "./gcp.ts";

/** Names, number and dates in the format of the examples that Google publishes. */
const subject = [
  [["2.5.4.10", utf8("Google LLC")] as const],
  [["2.5.4.3", utf8("client.example.org")] as const],
];
const plain = mintCertificate({
  serial: Buffer.from("00ad3e0ebcc3d4f42dae5b213be4cb8bf49d49a1", "hex"),
  subject,
  validity: [utcTime("220701180509Z"), utcTime("230701180509Z")],
});
const minted = readCertificate(
  withAltNames(plain, {
    dnsNames: ["xapi-dev.kurtkanaskie.net", "example.org"],
    uris: ["https://xapi-dev.kurtkanaskie.net", "spiffe://example.org/team/client"],
  }),
);
const urisOf = (uris: readonly string[]) => {
  const lines = gcp.write(visitOf(readCertificate(withAltNames(plain, { uris }))));
  return [valueOf(lines, "X-Client-Cert-SPIFFE"), valueOf(lines, "X-Client-Cert-URI-SANs")];
};
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the dialect gcp", () => {
  it("writes every documented variable, as Google writes it", () => {
    const lines = gcp.write({ ...visitOf(minted), chain: [grace, mallory] });
    const der = minted.der.toString("base64");
    assert.deepEqual(Object.fromEntries(lines), {
      "X-Client-Cert-Present": "true",
      "X-Client-Cert-Chain-Verified": "true",
      "X-Client-Cert-Hash": Buffer.from(minted.sha256, "hex").toString("base64").slice(0, 43),
      "X-Client-Cert-Serial-Number": "00:ad:3e:0e:bc:c3:d4:f4:2d:ae:5b:21:3b:e4:cb:8b:f4:9d:49:a1",
      "X-Client-Cert-SPIFFE": "spiffe://example.org/team/client",
      "X-Client-Cert-URI-SANs": "aHR0cHM6Ly94YXBpLWRldi5rdXJ0a2FuYXNraWUubmV0",
      "X-Client-Cert-DNSName-SANs": `eGFwaS1kZXYua3VydGthbmFza2llLm5ldA==,${base64("example.org")}`,
      "X-Client-Cert-Valid-Not-Before": "2022-07-01T18:05:09+00:00",
      "X-Client-Cert-Valid-Not-After": "2023-07-01T18:05:09+00:00",
      "X-Client-Cert-Issuer-DN": nameOf([[["2.5.4.3", utf8("Test Authority")]]]).toString("base64"),
      "X-Client-Cert-Subject-DN": nameOf(subject).toString("base64"),
      "X-Client-Cert-Leaf": `:${der}:`,
      "X-Client-Cert-Chain": `:${grace.der.toString("base64")}:, :${mallory.der.toString("base64")}:`,
    });
    assert.equal(gcp.read(lines)?.sha256, minted.sha256);
  });

  it("writes the serial number's octets", () => {
    const serials = {
      "01": "01",
      "7f": "7f",
      "80": "-80",
      "0080": "00:80",
      "0abc": "0a:bc",
      ff00: "-01:00",
      "00": "00",
    };
    for (const [hex, printed] of Object.entries(serials)) {
      const lines = gcp.write(visitOf(readCertificate(mintCertificate({ serial: Buffer.from(hex, "hex") }))));
      assert.equal(valueOf(lines, "X-Client-Cert-Serial-Number"), printed);
      assert.ok(gcp.read(lines), hex);
    }
  });

  it("writes only the variables that a route asks for, and the verdict always", () => {
    const lines = gcp.write(visitOf(minted), { variables: ["X-Client-Cert-Subject-DN"] });
    assert.deepEqual(
      lines.map(([name]) => name),
      ["X-Client-Cert-Present", "X-Client-Cert-Chain-Verified", "X-Client-Cert-Subject-DN"],
    );
    assert.deepEqual(gcp.read(lines)?.subject, minted.subject);
  });

  it("takes one well-formed SPIFFE ID out of the list, and no other", () => {
    assert.deepEqual(urisOf(["spiffe://a/b"]), ["spiffe://a/b", undefined]);
    assert.deepEqual(urisOf(["spiffe://a/b", "spiffe://a/c"]), [undefined, `${base64("spiffe://a/b")},${base64("spiffe://a/c")}`]);
    for (const odd of ["spiffe://a/b c", "spiffe://a/b\r\nX: y", "SPIFFE://a/b", "spiffe://", "spiffe://a/", "spiffe://a/%2e", "spiffe:a"]) {
      assert.deepEqual(urisOf([odd]), [undefined, base64(odd)]);
    }
    assert.deepEqual(urisOf([""]), [undefined, undefined]);
  }); // prettier-ignore

  it("reads names, hash and alternative names without the leaf", () => {
    const lines = withValue(gcp.write(visitOf(minted)), "X-Client-Cert-Leaf", undefined);
    const { certificate, subject, issuer, sha256, uris, dnsNames } = gcp.read(lines) ?? assert.fail();
    assert.equal(certificate, undefined);
    assert.deepEqual(
      { subject, issuer, sha256 },
      { subject: minted.subject, issuer: minted.issuer, sha256: minted.sha256 },
    );
    assert.deepEqual(uris, ["spiffe://example.org/team/client", "https://xapi-dev.kurtkanaskie.net"]);
    assert.deepEqual(dnsNames, minted.subjectAltNames.dnsNames);
  });

  it("reads a hash with its padding, empty variables, and a subset of the alternative names", () => {
    const lines = gcp.write(visitOf(minted));
    const padded = `${valueOf(lines, "X-Client-Cert-Hash") ?? ""}=`;
    assert.ok(gcp.read(withValue(lines, "X-Client-Cert-Hash", padded)));
    assert.ok(gcp.read([...withValue(lines, "X-Client-Cert-URI-SANs", ""), ["X-Client-Cert-Error", ""]]));
    assert.ok(gcp.read(withValue(lines, "X-Client-Cert-DNSName-SANs", base64("example.org"))));
  });

  it("tells an anonymous client from a refused one in Google's words", () => {
    assert.deepEqual(gcp.write(visitOf({ verify: "NONE" })), [
      ["X-Client-Cert-Present", "false"],
      ["X-Client-Cert-Chain-Verified", "false"],
      ["X-Client-Cert-Error", "client_cert_not_provided"],
    ]);
    assert.deepEqual(gcp.write(visitOf({ verify: "FAILED", reason: "x", certificate: grace })), [
      ["X-Client-Cert-Present", "true"],
      ["X-Client-Cert-Chain-Verified", "false"],
      ["X-Client-Cert-Error", "client_cert_validation_failed"],
    ]);
  });

  it("believes only present, verified and without an error", () => {
    const lines = gcp.write(visitOf(minted));
    for (const [name, value] of [
      ["X-Client-Cert-Present", "false"], ["X-Client-Cert-Present", "TRUE"], ["X-Client-Cert-Present", "1"],
      ["X-Client-Cert-Chain-Verified", "false"], ["X-Client-Cert-Chain-Verified", "true, true"],
    ] as const) {
      assert.equal(outcomeOf(() => gcp.read(withValue(lines, name, value))), "verification-failed", `${name}: ${value}`);
      assert.equal(outcomeOf(() => gcp.read(withValue(lines, name, undefined))), "verification-missing");
    }
    const error: [string, string] = ["X-Client-Cert-Error", "client_cert_chain_invalid_eku"];
    assert.equal(outcomeOf(() => gcp.read([...lines, error])), "verification-failed");
  }); // prettier-ignore

  it("refuses an alternative name that the certificate does not hold", () => {
    const lines = gcp.write(visitOf(minted));
    for (const name of ["X-Client-Cert-URI-SANs", "X-Client-Cert-DNSName-SANs"]) {
      const value = `${valueOf(lines, name) ?? ""},${base64("mallory.example.org")}`;
      assert.equal(outcomeOf(() => gcp.read(withValue(lines, name, value))), "certificate-mismatch");
    }
  }); // prettier-ignore

  it("refuses values of another form", () => {
    const lines = gcp.write(visitOf(minted));
    const leaf = valueOf(lines, "X-Client-Cert-Leaf") ?? "";
    const cases: [name: string, value: string][] = [
      ["X-Client-Cert-URI-SANs", "a"],
      ["X-Client-Cert-Leaf", leaf.slice(1)], ["X-Client-Cert-Leaf", `${leaf}, ${leaf}`], ["X-Client-Cert-Leaf", "::"],
      ["X-Client-Cert-Leaf", ":"], ["X-Client-Cert-Leaf", leaf.replace(":", ": ")],
      ["X-Client-Cert-Hash", "AAAA"], ["X-Client-Cert-Hash", "A".repeat(60)], ["X-Client-Cert-Subject-DN", "CN=Grace"],
      ["X-Client-Cert-Subject-DN", "MAAA"], ["X-Client-Cert-Subject-DN", "MQA="], ["X-Client-Cert-DNSName-SANs", ","],
    ];
    for (const [name, value] of cases) {
      assert.match(outcomeOf(() => gcp.read(withValue(lines, name, value))), /-malformed$/, `${name}: ${value}`);
    }
  }); // prettier-ignore

  carriesCertificates(gcp, "X-Client-Cert-Leaf", [
    "X-Client-Cert-Hash", "X-Client-Cert-Serial-Number", "X-Client-Cert-SPIFFE",
    "X-Client-Cert-DNSName-SANs", "X-Client-Cert-Issuer-DN", "X-Client-Cert-Subject-DN",
  ]); // prettier-ignore
});
