import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hexDigest, keyPin, serialNumber } from "./certificate-numbers.ts";

const hex = "0123456789abcdef".repeat(4);
const colons = hex.toUpperCase().replace(/..(?!$)/g, "$&:");
const base64 = Buffer.from(hex, "hex").toString("base64");

describe("a serial number comes to what certificates print", () => {
  const cases: Record<string, string> = {
    "0A1B": "0A1B", a1b: "0A1B", "0x0a1b": "0A1B", "0A:1b": "0A1B", "00:00:01": "01", "-05": "-05", "0": "00", "-0": "00", "0x0": "00", "000": "00",
  }; // prettier-ignore
  for (const [given, read] of Object.entries(cases))
    it(`${given} -> ${read}`, () => {
      assert.equal(serialNumber.parse(given), read);
    });

  for (const given of ["", "0x", "-", "0G", "0A 1B", "A:1B:2", "0A::1B", ":0A", "0A:", "*", 1234, 12e4, null])
    it(`${JSON.stringify(given)} is none`, () => {
      assert.ok(!serialNumber.safeParse(given).success);
    });
});

describe("a fingerprint", () => {
  for (const given of [hex, hex.toUpperCase(), colons])
    it(`${given.slice(0, 8)}... is one`, () => {
      assert.equal(hexDigest.parse(given), hex);
    });

  for (const given of ["", hex.slice(2), `${hex}00`, `${colons}:`, colons.replace(":", ""), base64, hex.replace("a", "g"), hex.replace("0", " "), Number(hex.slice(0, 9))])
    it(`${given} is none`, () => {
      assert.ok(!hexDigest.safeParse(given).success);
    });
}); // prettier-ignore

describe("a pin of a public key", () => {
  for (const given of [hex, colons, base64, `sha256//${base64}`])
    it(`${given.slice(0, 12)}... is one`, () => {
      assert.equal(keyPin.parse(given), hex);
    });

  // The last bits of base64 say nothing: a pin with others there was not copied from anywhere.
  const loose = base64.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);
  for (const given of ["", base64.slice(0, -1), `${base64}=`, loose, `sha1//${base64}`, ` ${base64}`])
    it(`${given} is none`, () => {
      assert.ok(!keyPin.safeParse(given).success);
    });
});
