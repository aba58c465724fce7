import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, intermediate, mallory } from "../testing/visits.ts";
import { decodeBase64 } from "./base64.ts";
import { parsePem } from "./pem.ts";

describe("PEM", () => {
  it("reads one certificate or several, in their order", () => {
    assert.deepEqual(parsePem(grace.pem), [grace]);
    assert.deepEqual(parsePem(grace.pem.trimEnd()), [grace]);
    assert.deepEqual(parsePem(grace.pem + intermediate.pem + mallory.pem), [grace, intermediate, mallory]);
  });

  const refusals: Record<string, string> = {
    nothing: "",
    "text before it": `x${grace.pem}`,
    "text behind it": `${grace.pem}x`,
    "text between two": `${grace.pem}\n${mallory.pem}`,
    "carriage returns": grace.pem.replaceAll("\n", "\r\n"),
    "another label": grace.pem.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"),
    "a header inside": grace.pem.replace("\n", "\nProc-Type: 4\n\n"),
    "no end": grace.pem.slice(0, -20),
    "an empty body": "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n",
    "a body that is no certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  };
  for (const [what, text] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => {
      assert.equal(outcomeOf(() => parsePem(text)), "certificate-malformed"); // prettier-ignore
    });
  }
});

describe("base64", () => {
  it("reads the one text that stands for the octets", () => {
    assert.deepEqual(decodeBase64("AP8="), Buffer.of(0, 255));
    for (const text of ["", "AP8", "AP9=", "AP8==", " AP8=", "AP8=\n", "AP-_", "A", "=", "AP8=AP8=", "é"]) {
      assert.equal(outcomeOf(() => decodeBase64(text)), "certificate-malformed", text); // prettier-ignore
    }
  });
});
