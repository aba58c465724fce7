import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Certificate, ClientIdentity } from "@sallyport/identity";
import { Refusal } from "../refuse/refusal.ts";
import { noFacts } from "../testing/no-facts.ts";
import { decide, type Presence } from "./decide.ts";

const begin = Date.UTC(2026, 0, 1);
const end = Date.UTC(2027, 0, 1);
const between = Date.UTC(2026, 6, 1);
const certificate: Certificate = {
  ...noFacts,
  subject: [],
  issuer: [],
  serialNumber: "01",
  notBefore: begin,
  notAfter: end,
};

function verdict(identity: ClientIdentity, now: number, presence: Presence = "required", notBefore = begin, notAfter = end): string {
  try {
    decide({ identity, notBefore, notAfter }, undefined, { presence, rules: undefined }, now);
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error && error.name === "Refusal", String(error));
    return String(error.code);
  }
  return "allowed";
} // prettier-ignore

const grace: ClientIdentity = { verify: "SUCCESS", certificate };
const failed = (reason: string): ClientIdentity => ({ verify: "FAILED", reason, certificate });

describe("a verified client", () => {
  it("is allowed from the first instant of its certificate to the last, both included", () => {
    for (const now of [begin, between, end]) assert.equal(verdict(grace, now), "allowed");
  });

  it("is refused an instant before and after: its right to be here is asked at every request", () => {
    assert.equal(verdict(grace, begin - 1), "certificate-not-yet-valid");
    assert.equal(verdict(grace, end + 1), "certificate-expired");
  });

  it("is refused as untrusted when it is an authority of its chain that is out of its dates", () => {
    assert.equal(verdict(grace, between, "required", begin, between - 1), "certificate-untrusted");
    assert.equal(verdict(grace, between, "required", between + 1, end), "certificate-untrusted");
  });

  it("is told of its own dates when both are out", () => {
    assert.equal(verdict(grace, end + 1, "required", begin, between), "certificate-expired");
    assert.equal(verdict(grace, begin - 1, "required", between, end), "certificate-not-yet-valid");
  });

  it("is under the same rules where a certificate is optional", () => {
    assert.equal(verdict(grace, between, "optional"), "allowed");
    assert.equal(verdict(grace, end + 1, "optional"), "certificate-expired");
  });
});

describe("a client without a certificate", () => {
  it("is refused where one is required and anonymous where it is optional", () => {
    assert.equal(verdict({ verify: "NONE" }, between), "certificate-missing");
    assert.equal(verdict({ verify: "NONE" }, between, "optional"), "allowed");
  });
});

describe("a client whose certificate was not believed is refused, optional or not", () => {
  const reasons: [reason: string, now: number, code: string][] = [
    ["CERT_HAS_EXPIRED", end + 1, "certificate-expired"],
    ["CERT_HAS_EXPIRED", between, "certificate-untrusted"],
    ["CERT_NOT_YET_VALID", begin - 1, "certificate-not-yet-valid"],
    ["CERT_NOT_YET_VALID", between, "certificate-untrusted"],
    ["INVALID_PURPOSE", between, "certificate-wrong-purpose"],
    ["CERT_CHAIN_TOO_LONG", between, "certificate-too-deep"],
    ["CERT_MALFORMED", between, "certificate-malformed"],
    ["WEAK_KEY", between, "certificate-weak-key"],
    ["WEAK_SIGNATURE", between, "certificate-weak-key"],
    ["WEAK_AUTHORITY", between, "certificate-weak-key"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", between, "certificate-untrusted"],
    ["SELF_SIGNED_CERT_IN_CHAIN", between, "certificate-untrusted"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", between, "certificate-untrusted"],
    ["CERT_SIGNATURE_FAILURE", between, "certificate-untrusted"],
    ["UNSPECIFIED", between, "certificate-untrusted"],
    ["", between, "certificate-untrusted"],
  ];
  for (const [reason, now, code] of reasons) {
    it(`${reason || "(no reason)"} -> ${code}`, () => {
      assert.equal(verdict(failed(reason), now), code);
      assert.equal(verdict(failed(reason), now, "optional"), code);
    });
  }

  it("also when nothing of the certificate could be read", () => {
    const unread = (reason: string): ClientIdentity => ({ verify: "FAILED", reason, certificate: undefined });
    assert.equal(verdict(unread("CERT_MALFORMED"), between), "certificate-malformed");
    assert.equal(verdict(unread("CERT_HAS_EXPIRED"), between), "certificate-expired");
  });
});

describe("a certificate that is asked about", () => {
  const told = (status: "good" | "revoked" | "unavailable", now = between) => {
    try {
      const policy = { presence: "optional", rules: undefined } as const;
      decide(
        { identity: grace, notBefore: begin, notAfter: end },
        { status, detail: "said so" },
        policy,
        now,
      );
    } catch (error) {
      assert.ok(error instanceof Refusal);
      assert.ok(error.code === "certificate-expired" || error.detail === "said so");
      return error.code;
    }
    return "allowed";
  };

  it("is refused when it is revoked, and with a fault of ours when that cannot be told", () => {
    assert.equal(told("good"), "allowed");
    assert.equal(told("revoked"), "certificate-revoked");
    assert.equal(told("unavailable"), "revocation-unavailable");
    assert.equal(new Refusal("revocation-unavailable").status, 503);
  });

  it("is told first that it has ended: that is what its holder can mend", () => {
    assert.equal(told("revoked", end + 1), "certificate-expired");
  });
});

describe("where there are rules", () => {
  const under = (identity: ClientIdentity, permitted: boolean, presence: Presence = "optional") => {
    const rules = { judge: () => ({ permitted, detail: "rule 1" }) };
    try {
      decide({ identity, notBefore: begin, notAfter: end }, undefined, { presence, rules }, between);
    } catch (error) {
      assert.ok(error instanceof Refusal);
      return `${error.code} ${error.detail}`.trim();
    }
    return "allowed";
  };

  it("a known client is let in by them, or refused with the rule that did it", () => {
    assert.equal(under(grace, true), "allowed");
    assert.equal(under(grace, false), "not-allowed rule 1");
  });

  it("an anonymous one is asked for a certificate: somebody may be behind it whom a rule lets in", () => {
    assert.equal(under({ verify: "NONE" }, true), "allowed");
    assert.equal(under({ verify: "NONE" }, false), "certificate-missing rule 1");
    assert.equal(under({ verify: "NONE" }, true, "required"), "certificate-missing");
  });

  it("they are not asked about a certificate that was not believed", () => {
    assert.equal(under(failed("CERT_HAS_EXPIRED"), true), "certificate-untrusted CERT_HAS_EXPIRED");
  });
});
