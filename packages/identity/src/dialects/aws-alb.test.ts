import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { readCertificate } from "../certificate.ts";
import { carriesCertificates, valueOf, withValue } from "../testing/certificate-dialect.ts";
import { mintCertificate, utcTime, utf8 } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, mallory, personCalled, visitOf } from "../testing/visits.ts";
import { awsAlb } from "./aws-alb.ts";

const leaf = "X-Amzn-Mtls-Clientcert-Leaf";
const subject = "X-Amzn-Mtls-Clientcert-Subject";

/** The names and dates of the examples in the documentation of the load balancer. */
const documented = readCertificate(
  mintCertificate({
    serial: Buffer.from("03a5b1", "hex"),
    subject: [[["2.5.4.6", utf8("US")]], [["2.5.4.8", utf8("Washington")]], [["2.5.4.10", utf8("mTLS")]],
      [["2.5.4.11", utf8("client-3")]], [["2.5.4.3", utf8("client_.com")]]],
    issuer: [[["2.5.4.6", utf8("US")]], [["2.5.4.8", utf8("Washington")]], [["2.5.4.7", utf8("Seattle")]],
      [["2.5.4.10", utf8("mTLS")]], [["2.5.4.11", utf8("rootCA")]], [["2.5.4.3", utf8("rootcamtls.com")]]],
    validity: [utcTime("230921015017Z"), utcTime("240920015017Z")],
  }),
); // prettier-ignore

describe("the dialect aws-alb", () => {
  it("writes what the documentation shows", () => {
    const lines = awsAlb.write(visitOf(documented));
    assert.deepEqual(lines.slice(0, 4), [
      ["X-Amzn-Mtls-Clientcert-Serial-Number", "03A5B1"],
      ["X-Amzn-Mtls-Clientcert-Issuer", "CN=rootcamtls.com,OU=rootCA,O=mTLS,L=Seattle,ST=Washington,C=US"],
      ["X-Amzn-Mtls-Clientcert-Subject", "CN=client_.com,OU=client-3,O=mTLS,ST=Washington,C=US"],
      ["X-Amzn-Mtls-Clientcert-Validity", "NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z"],
    ]);
    const value = valueOf(lines, leaf) ?? "";
    assert.match(
      value,
      /^-----BEGIN%20CERTIFICATE-----%0AMII[A-Za-z0-9+/=%]+%0A-----END%20CERTIFICATE-----%0A$/,
    );
    assert.doesNotMatch(value.replaceAll(/%(?:20|0A)/g, ""), /%/, "+, = and / stay literal");
    assert.deepEqual(new X509Certificate(decodeURIComponent(value)).raw, documented.der);
  });

  it("reads a leaf whose + is a plus, escaped or not", () => {
    const lines = awsAlb.write(visitOf(grace));
    const value = valueOf(lines, leaf) ?? "";
    const escaped = value.replaceAll("+", "%2B").replaceAll("/", "%2f").replaceAll("=", "%3D");
    assert.equal(awsAlb.read(withValue(lines, leaf, escaped))?.sha256, grace.sha256);
    assert.match(
      outcomeOf(() => awsAlb.read(withValue(lines, leaf, `${value}+`))),
      /-malformed$/,
    );
  });

  it("reads a name that is not ASCII, escaped as we do or in UTF-8", () => {
    const zoe = personCalled("Zoë");
    const lines = awsAlb.write(visitOf(zoe));
    assert.equal(valueOf(lines, subject), "CN=Zo\\C3\\AB,ST=Virginia,C=US");
    assert.deepEqual(
      awsAlb.read(withValue(lines, subject, "CN=Zo\u00c3\u00ab,ST=Virginia,C=US"))?.certificate,
      zoe,
    );
  });

  it("refuses a second certificate in the leaf", () => {
    const lines = awsAlb.write(visitOf(grace));
    const both = `${valueOf(lines, leaf) ?? ""}${valueOf(awsAlb.write(visitOf(mallory)), leaf) ?? ""}`;
    assert.equal(
      outcomeOf(() => awsAlb.read(withValue(lines, leaf, both))),
      "certificate-malformed",
    );
  });

  it("has no word for a verdict: without a certificate, or without belief in it, it is silent", () => {
    assert.deepEqual(awsAlb.write(visitOf({ verify: "NONE" })), []);
    assert.deepEqual(awsAlb.write(visitOf({ verify: "FAILED", reason: "x", certificate: grace })), []);
  });

  it("takes no header without a name for anonymous", () => {
    for (const line of awsAlb.write(visitOf(grace))) {
      const code = line[0] === leaf || line[0] === subject ? "accepted" : "subject-missing";
      assert.equal(
        outcomeOf(() => awsAlb.read([line])),
        code,
        line[0],
      );
    }
    assert.equal(awsAlb.read([[subject, ""]]), undefined);
  });

  carriesCertificates(awsAlb, leaf, [
    subject,
    "X-Amzn-Mtls-Clientcert-Issuer",
    "X-Amzn-Mtls-Clientcert-Serial-Number",
  ]);
});
