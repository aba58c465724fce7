import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCertificate, type Certificate, type ClientIdentity } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { explain } from "./explanation.ts";
import { Refusal, refusals, type RefusalCode } from "./refusal.ts";

const certificate: Certificate = {
  ...noFacts,
  subject: [[{ type: "2.5.4.3", value: "José", der: undefined }]],
  issuer: [],
  serialNumber: "-01",
  notBefore: Date.UTC(2026, 11, 31, 23, 30),
  notAfter: Date.UTC(9999, 11, 31, 23, 59, 59),
};
const failed: ClientIdentity = { verify: "FAILED", reason: "", certificate };

describe("explain", () => {
  it("says the dates that matter, in UTC as the certificate states them", () => {
    const say = (code: RefusalCode) => explain(new Refusal(code), failed, []).what;
    assert.equal(say("certificate-expired"), "Your certificate ended on 31 December 9999.");
    assert.equal(say("certificate-not-yet-valid"), "Your certificate begins on 31 December 2026.");
  });

  it("falls back to the sentence where no certificate could be read", () => {
    const withoutDates: readonly ClientIdentity[] = [
      { verify: "FAILED", reason: "", certificate: undefined },
      { verify: "NONE" },
    ];
    for (const code of ["certificate-expired", "certificate-not-yet-valid"] as const) {
      for (const identity of withoutDates) {
        assert.equal(explain(new Refusal(code), identity, []).what, refusals[code][1]);
      }
    }
  });

  it("names the accepted authorities, and says nothing of them where there are none", () => {
    const why = (authorities: string[]) =>
      explain(new Refusal("certificate-missing"), failed, authorities).why;
    assert.equal(why(["One", "Two"]), "This site accepts certificates from One; Two.");
    assert.equal(why([]), "");
  });

  it("tells a person what to do about every refusal of a certificate, and a program's author too", () => {
    const codes = (Object.keys(refusals) as RefusalCode[]).filter((code) => code.startsWith("certificate-"));
    for (const code of codes) {
      const { what, why, steps, hint } = explain(new Refusal(code), failed, ["Test Authority"]);
      for (const words of [what, why, hint]) assert.notEqual(words, "", code);
      assert.ok(steps.length > 0, code);
    }
  });
});

it("a certificate that is read has dates that can be told", () => {
  assert.throws(() => readCertificate(Buffer.from("no certificate")), { code: "certificate-malformed" });
});
