import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Certificate, ClientIdentity } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { explain } from "./explanation.ts";
import { Refusal, refusals, type RefusalCode } from "./refusal.ts";
import { remedies } from "./remedies.ts";
import { sentenceText, type Sentence } from "./sentence.ts";
import { stranger } from "./visitor.ts";
import { anyWay, ways } from "./ways.ts";

const codes = Object.keys(refusals) as RefusalCode[];
const CN = (value: string) => [[{ type: "2.5.4.3", value, der: undefined }]];
const certificate: Certificate = {
  ...noFacts,
  subject: CN("José"),
  notBefore: Date.UTC(2026, 11, 31, 23, 30),
  notAfter: Date.UTC(2027, 11, 31, 23, 59, 59),
};
const failed: ClientIdentity = { verify: "FAILED", reason: "", certificate };
const day = 24 * 60 * 60 * 1000;

const tell = (code: RefusalCode, known = {}, detail = "") =>
  explain(new Refusal(code, detail), { ...stranger(), identity: failed, ...known });
const text = (sentences: readonly Sentence[]) => sentences.map(sentenceText).join(" ");

describe("explain", () => {
  it("says the dates that matter, in UTC as the certificate states them", () => {
    const say = (code: RefusalCode, now: number) => text([tell(code, { now }).what]);
    const { notBefore, notAfter } = certificate;
    assert.equal(
      say("certificate-expired", notAfter + 3 * day),
      "Your certificate ended on 31 December 2027.",
    );
    assert.equal(
      say("certificate-not-yet-valid", notBefore - 3 * day),
      "Your certificate begins on 31 December 2026.",
    );
  });

  it("says the hour too where it is a matter of hours, and what this site takes for now", () => {
    const now = certificate.notBefore - 60 * 60 * 1000;
    const { what, why } = tell("certificate-not-yet-valid", { now });
    assert.equal(sentenceText(what), "Your certificate begins on 31 December 2026, 23:30 UTC.");
    assert.equal(text(why), "By the clock of this site it is 31 December 2026, 22:30 UTC now.");
  });

  it("falls back to the sentence where no certificate could be read", () => {
    const unread: readonly ClientIdentity[] = [
      { verify: "FAILED", reason: "", certificate: undefined },
      { verify: "NONE" },
    ];
    for (const code of codes) {
      for (const identity of unread) {
        const { what, yours } = tell(code, { identity });
        assert.deepEqual([what, yours], [[refusals[code][1]], []], code);
      }
    }
  });

  it("names the accepted authorities, as many as a sentence can carry", () => {
    const why = (authorities: string[]) => text(tell("certificate-untrusted", { authorities }).why);
    assert.equal(why([]), "");
    assert.equal(why(["One"]), "This site accepts certificates from One.");
    assert.equal(why(["One", "Two", "Three"]), "This site accepts certificates from One, Two or Three.");
    const five = ["One", "Two", "Three", "Four", "Five"];
    assert.equal(why(five), "This site accepts certificates from One, Two, Three or 2 others.");
    assert.match(why(five.slice(0, 4)), /Three or one other\.$/);
  });

  it("says who issued the certificate that is not accepted", () => {
    const yours = (issuer: Certificate["issuer"]) =>
      text(
        tell("certificate-untrusted", {
          identity: { ...failed, certificate: { ...certificate, issuer } },
        }).yours,
      );
    assert.equal(yours(CN("Another Root")), "Yours was issued by Another Root.");
    assert.equal(yours(CN("José")), "Yours was issued by itself.");
    assert.equal(yours([[{ type: "2.5.4.10", value: "Org", der: undefined }]]), "Yours was issued by O=Org.");
    assert.equal(yours([]), "");
  });

  it("does not send a person to choose another certificate when an authority has ended", () => {
    for (const detail of ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]) {
      const { remedy, accepted } = tell("certificate-untrusted", {}, detail);
      assert.deepEqual([remedy, accepted], ["ask", false]);
    }
  });
});

it("every refusal of a certificate says why, has steps for each browser, and a hint for programs", () => {
  const ofCertificates = codes.filter((code) => code.startsWith("certificate-") || refusals[code][0] === 403);
  for (const code of [...ofCertificates, "revocation-unavailable"] as const) {
    const { what, why, remedy, hint } = tell(code, { authorities: ["Test Authority"] });
    for (const words of [sentenceText(what), text(why), hint]) assert.notEqual(words, "", code);
    for (const way of [anyWay, ...Object.values(ways)])
      assert.ok(remedies[remedy].steps(way).length > 0, `${code} in ${way.place}`);
  }
});
