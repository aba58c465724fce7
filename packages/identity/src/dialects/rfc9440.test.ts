import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertCannotBeForged,
  assertLinear,
  assertRefusesHostileLines,
} from "../testing/cannot-be-forged.ts";
import { outcomeOf } from "../testing/outcome-of.ts";
import { grace, intermediate, mallory, visitOf } from "../testing/visits.ts";
import type { HeaderLine } from "./dialect.ts";
import { rfc9440 } from "./rfc9440.ts";

const bytes = (der: Buffer) => `:${der.toString("base64")}:`;
const leaf: HeaderLine = ["Client-Cert", bytes(grace.der)];

describe("rfc9440", () => {
  it("writes the leaf as a byte sequence and the chain as a list in TLS order, without the leaf", () => {
    assert.deepEqual(rfc9440.write({ ...visitOf(grace), chain: [intermediate, mallory] }), [
      leaf,
      ["Client-Cert-Chain", `${bytes(intermediate.der)}, ${bytes(mallory.der)}`],
    ]);
  });

  it("writes no empty list, and no chain where none is asked for", () => {
    assert.deepEqual(rfc9440.write({ ...visitOf(grace), chain: [] }), [leaf]);
    assert.deepEqual(rfc9440.write(visitOf(grace), { variables: [] }), [leaf]);
  });

  it("reads the whole certificate", () => {
    const asserted = rfc9440.read(rfc9440.write(visitOf(grace)));
    assert.deepEqual(asserted?.certificate, grace);
    assert.deepEqual(asserted.emails, grace.subjectAltNames.emails);
  });

  it("reads a list with any optional white space around its commas", () => {
    for (const comma of [",", ", ", " , ", "\t,\t"]) {
      const chain = [intermediate, mallory].map(({ der }) => bytes(der)).join(comma);
      assert.deepEqual(rfc9440.read([leaf, ["Client-Cert-Chain", chain]])?.certificate, grace, comma);
    }
  });

  const base64 = grace.der.toString("base64");
  const refusals: Record<string, [lines: readonly HeaderLine[], code: string]> = {
    "a chain without a leaf": [[["Client-Cert-Chain", bytes(intermediate.der)]], "subject-missing"],
    "two leaves": [[leaf, leaf], "subject-repeated"],
    "two leaves in one line": [[["Client-Cert", `${leaf[1]}, ${bytes(mallory.der)}`]], "certificate-malformed"],
    "two chains": [[leaf, ["Client-Cert-Chain", ""], ["client_cert_chain", ""]], "subject-repeated"],
    "nothing": [[["Client-Cert", ""]], "certificate-malformed"],
    "an empty byte sequence": [[["Client-Cert", "::"]], "certificate-malformed"],
    "base64 without colons": [[["Client-Cert", base64]], "certificate-malformed"],
    "a parameter": [[["Client-Cert", `:${base64}:;a=b`]], "certificate-malformed"],
    "no padding": [[["Client-Cert", `:${base64.replace(/=+$/, "")}x:`]], "certificate-malformed"],
    "the URL alphabet": [[["Client-Cert", `:${base64.replaceAll("+", "-").replaceAll("/", "_")}_:`]], "certificate-malformed"],
    "octets that are no certificate": [[["Client-Cert", ":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:"]], "certificate-malformed"],
    "octets behind the certificate": [[["Client-Cert", bytes(Buffer.concat([grace.der, Buffer.of(0)]))]], "certificate-malformed"],
    "PEM in the byte sequence": [[["Client-Cert", bytes(Buffer.from(grace.pem))]], "certificate-malformed"],
    "a chain that is no list": [[leaf, ["Client-Cert-Chain", "x"]], "certificate-malformed"],
    "a chain with a gap": [[leaf, ["Client-Cert-Chain", `${bytes(mallory.der)},,${bytes(mallory.der)}`]], "certificate-malformed"],
  }; // prettier-ignore
  for (const [what, [lines, code]] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => {
      assert.equal(outcomeOf(() => rfc9440.read(lines)), code); // prettier-ignore
    });
  }

  it("carries every certificate", () => {
    const forgeries = [":, :", `:, ${bytes(grace.der)}`, "\r\nClient-Cert: :AA==:"];
    assert.equal(assertCannotBeForged(rfc9440, { forgeries, altNames: ["emails", "dnsNames", "uris"] }), 500);
  });

  it("answers hostile lines with an IdentityError or not at all, in linear time", () => {
    assertRefusesHostileLines(rfc9440);
    assertLinear(rfc9440, [":", ",", ": ,", "AAAA", "=", " "]);
  });
});
