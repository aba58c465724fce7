import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeTypes } from "./attribute-types.ts";
import { openssl } from "./testing/openssl.ts";

/** Every object that OpenSSL knows: `CN = commonName, 2.5.4.3`, or `INN = 1.2.643.3.131.1.1` where it has one name. */
const objects = openssl(["list", "-objects"])
  .split("\n")
  .flatMap((line) => {
    const [, shortName, oid] = /^(\S+) = (?:.*, )?([0-9]+(?:\.[0-9]+)+)$/.exec(line) ?? [];
    return shortName !== undefined && oid !== undefined ? [{ shortName, oid }] : [];
  });
const uniqueIdentifier = "0.9.2342.19200300.100.1.44";

describe("attribute types", () => {
  const arcs =
    /^(?:2\.5\.4|0\.9\.2342\.19200300\.100\.1|1\.2\.840\.113549\.1\.9|1\.3\.6\.1\.4\.1\.311\.60\.2\.1|1\.3\.6\.1\.5\.5\.7\.9|1\.2\.643\.3\.131\.1|1\.2\.643\.100(?:\.113)?)\.\d+$/;

  it("are called as openssl calls them, all of those that stand in names", () => {
    const inNames = objects.filter(({ oid }) => arcs.test(oid) && oid !== uniqueIdentifier);
    assert.ok(inNames.length >= 130, `openssl lists only ${inNames.length}`);
    assert.deepEqual(
      inNames.map(({ oid }) => ({ shortName: attributeTypes.shortNameOf(oid), oid })),
      inNames,
    );
    assert.equal(attributeTypes.shortNameOf("1.3.6.1.4.1.311.20.2.3"), "msUPN");
  });

  it("are found by their short name in any case", () => {
    for (const { shortName, oid } of objects.filter((object) => attributeTypes.shortNameOf(object.oid))) {
      for (const text of [shortName, shortName.toUpperCase(), shortName.toLowerCase()])
        assert.equal(attributeTypes.oidOf(text), oid);
    }
  });

  it("give uid to the user's name alone, although openssl calls another type that too", () => {
    assert.equal(objects.find(({ oid }) => oid === uniqueIdentifier)?.shortName, "uid");
    assert.equal(attributeTypes.shortNameOf(uniqueIdentifier), undefined);
    assert.equal(attributeTypes.oidOf("uid"), "0.9.2342.19200300.100.1.1");
  });

  it("know nothing that is not there", () => {
    assert.equal(attributeTypes.shortNameOf("1.2.3.4"), undefined);
    for (const text of ["", "constructor", "__proto__", "2.5.4.3", "commonName"])
      assert.equal(attributeTypes.oidOf(text), undefined);
  });
});
