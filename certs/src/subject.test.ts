import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { distinguishedName, localSubject } from "./subject.ts";
import type { Subject } from "./subject.ts";

const der = (subject: Subject) => Buffer.from(distinguishedName(subject).toArrayBuffer()).toString("hex");

/** Type, length, value in hex, for names short enough to have a length of one octet. */
const tlv = (type: string, ...content: string[]) => {
  const value = content.join("");
  return type + (value.length / 2).toString(16).padStart(2, "0") + value;
};
const hex = (text: string) => Buffer.from(text).toString("hex");
const attribute = (oid: string, value: string) => tlv("30", tlv("06", oid), value);
const utf8 = (text: string) => tlv("0c", hex(text));
const [country, state, commonName, organization] = ["550406", "550408", "550403", "55040a"];

describe("distinguishedName", () => {
  it("writes the country as PrintableString and the rest as UTF8String, in the order given", () => {
    const expected = tlv(
      "30",
      tlv("31", attribute(country, tlv("13", hex("US")))),
      tlv("31", attribute(state, utf8("Virginia"))),
      tlv("31", attribute(commonName, utf8("Zoë"))),
    );
    assert.equal(der(localSubject("Zoë")), expected);
  });

  it("takes text literally", () => {
    for (const text of ["#0403", '"a"', "a\\,b", "a,b+c=d;<e>", " x ", "a/CN=b", "a\nb", "a\0b"])
      assert.equal(
        der([{ type: "CN", value: text }]),
        tlv("30", tlv("31", attribute(commonName, utf8(text)))),
        JSON.stringify(text),
      );
  });

  it("sorts a multi-valued RDN as DER wants it, whatever the order given", () => {
    const rdn = [
      { type: "O", value: "Organisation" },
      { type: "CN", value: "b" },
      { type: "CN", value: "a" },
    ];
    const sorted = [
      attribute(commonName, utf8("a")),
      attribute(commonName, utf8("b")),
      attribute(organization, utf8("Organisation")),
    ];
    assert.equal(der([rdn]), tlv("30", tlv("31", ...sorted)));
    assert.equal(der([rdn.toReversed()]), tlv("30", tlv("31", ...sorted)));
  });

  it("writes e-mail addresses and domain components as IA5String", () => {
    const subject = [
      { type: "emailAddress", value: "a@b" },
      { type: "DC", value: "local" },
    ];
    const expected = tlv(
      "30",
      tlv("31", attribute("2a864886f70d010901", tlv("16", hex("a@b")))),
      tlv("31", attribute("0992268993f22c640119", tlv("16", hex("local")))),
    );
    assert.equal(der(subject), expected);
  });

  it("takes object identifiers, and values that are DER already", () => {
    const teletex = tlv("14", "e9");
    const subject = [{ type: "1.2.3", value: Buffer.from(teletex, "hex") }];
    assert.equal(der(subject), tlv("30", tlv("31", attribute("2a03", teletex))));
  });

  it("refuses a type it does not know", () => {
    assert.throws(
      () => distinguishedName([{ type: "XY", value: "x" }]),
      /XY is no attribute type known here/,
    );
  });
});
