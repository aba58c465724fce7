import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commonNameOf, valuesOf, type DistinguishedName } from "./distinguished-name.ts";
import { parseRfc4514 } from "./rfc4514.ts";

describe("commonNameOf", () => {
  it("is the one CN, wherever it stands", () => {
    assert.equal(commonNameOf(parseRfc4514("CN=Grace Hopper,ST=Virginia,C=US")), "Grace Hopper");
    assert.equal(commonNameOf(parseRfc4514("O=Navy,UID=gh+CN=Grace Hopper")), "Grace Hopper");
    assert.equal(commonNameOf(parseRfc4514("CN=\\ x\\ ")), " x ");
  });

  it("is not looked for inside other values", () => {
    assert.equal(commonNameOf(parseRfc4514("OU=x\\,CN=Grace Hopper,CN=Mallory")), "Mallory");
  });

  const refused: Record<string, [name: DistinguishedName, code: string]> = {
    "no attribute": [[], "common-name-missing"],
    "no CN": [parseRfc4514("O=Navy"), "common-name-missing"],
    "an empty CN": [parseRfc4514("CN="), "common-name-missing"],
    "a CN that is no text": [parseRfc4514("CN=#02012A"), "common-name-missing"],
    "two CNs": [parseRfc4514("CN=Grace Hopper,CN=Mallory"), "common-name-repeated"],
    "two CNs that are alike": [parseRfc4514("CN=Mallory,CN=Mallory"), "common-name-repeated"],
    "two CNs in one RDN": [parseRfc4514("CN=Grace Hopper+CN=Mallory"), "common-name-repeated"],
    "an empty CN beside another": [parseRfc4514("CN=,CN=Mallory"), "common-name-repeated"],
  };
  for (const [what, [name, code]] of Object.entries(refused)) {
    it(`refuses ${what}: ${code}`, () => {
      assert.throws(() => commonNameOf(name), { name: "IdentityError", code });
    });
  }
});

describe("valuesOf", () => {
  it("gives every value of a type in certificate order, whatever the case of its name", () => {
    const name = parseRfc4514("OU=c,OU=b,CN=x,OU=a");
    assert.deepEqual(valuesOf(name, "ou"), ["a", "b", "c"]);
    assert.deepEqual(valuesOf(name, "O"), []);
    assert.deepEqual(valuesOf(name, "no such type"), []);
  });
});
