import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { readCertificate } from "../certificate.ts";
import { carriesCertificates, valueOf, withValue } from "../testing/certificate-dialect.ts";
import { mintCertificate, utcTime } from "../testing/der.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, visitOf } from "../testing/visits.ts";
import { azure } from "./azure.ts";

const certificate = "X-Client-Certificate";
const verification = "X-Client-Certificate-Verification";

describe("the dialect azure", () => {
  it("writes each of the mutual authentication variables, as nginx prints it", () => {
    const validity = [utcTime("220321133500Z"), utcTime("320305040506Z")] as const;
    const minted = readCertificate(mintCertificate({ serial: Buffer.from([0x0a, 0xbc]), validity }));
    const lines = azure.write(visitOf(minted));
    const x509 = new X509Certificate(minted.der);
    assert.deepEqual(Object.fromEntries(lines), {
      [verification]: "SUCCESS",
      [certificate]: encodeURIComponent(x509.toString()),
      "X-Client-Certificate-Fingerprint": x509.fingerprint.replaceAll(":", "").toLowerCase(),
      "X-Client-Certificate-Issuer": "CN=Test Authority",
      "X-Client-Certificate-Subject": "CN=Test Subject",
      "X-Client-Certificate-Serial": "0ABC",
      "X-Client-Certificate-Start-Date": "Mar 21 13:35:00 2022 GMT",
      "X-Client-Certificate-End-Date": "Mar  5 04:05:06 2032 GMT",
    });
  });

  it("writes only the variables that a route asks for, and the verdict always", () => {
    const lines = azure.write(visitOf(grace), { variables: ["X-Client-Certificate-Subject"] });
    assert.deepEqual(lines, [
      [verification, "SUCCESS"],
      ["X-Client-Certificate-Subject", "CN=Grace Hopper,ST=Virginia,C=US"],
    ]);
    assert.equal(azure.read(lines)?.certificate, undefined);
  });

  it("tells an anonymous client from a refused one", () => {
    assert.deepEqual(azure.write(visitOf({ verify: "NONE" })), [[verification, "NONE"]]);
    const reason = "caf\u00e9\r\nX-Client-Certificate-Subject: CN=Mallory ";
    assert.deepEqual(azure.write(visitOf({ verify: "FAILED", reason, certificate: grace })), [
      [verification, "FAILED:caf???X-Client-Certificate-Subject: CN=Mallory"],
    ]);
  });

  it("believes nothing but SUCCESS", () => {
    const lines = azure.write(visitOf(grace));
    for (const word of ["", "success", "SUCCESS, NONE", "FAILED:x", "NONE", "GENEROUS"]) {
      assert.equal(outcomeOf(() => azure.read(withValue(lines, verification, word))), "verification-failed", word);
    }
    assert.equal(outcomeOf(() => azure.read(withValue(lines, verification, undefined))), "verification-missing");
    assert.equal(outcomeOf(() => azure.read([[verification, "SUCCESS"]])), "subject-missing");
    assert.equal(outcomeOf(() => azure.read([[verification, "NONE"], ["x_client_certificate_serial", "01"]])), "verification-failed");
  }); // prettier-ignore

  it("reads a fingerprint in either case and a serial number with zeros in front", () => {
    const lines = azure.write(visitOf(grace));
    const fingerprint = "X-Client-Certificate-Fingerprint";
    assert.ok(azure.read(withValue(lines, fingerprint, (valueOf(lines, fingerprint) ?? "").toUpperCase())));
    const serial = "X-Client-Certificate-Serial";
    assert.ok(azure.read(withValue(lines, serial, `00${(valueOf(lines, serial) ?? "").toLowerCase()}`)));
  });

  carriesCertificates(azure, certificate, [
    "X-Client-Certificate-Fingerprint",
    "X-Client-Certificate-Issuer",
    "X-Client-Certificate-Subject",
    "X-Client-Certificate-Serial",
  ]);
});
