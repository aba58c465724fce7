import assert from "node:assert/strict";
import { it } from "node:test";
import { readElement } from "./der.ts";
import { generalizedTime, utcTime } from "./testing/der.ts";
import { readTime } from "./time.ts";

const read = (der: Buffer) => new Date(readTime(readElement(der))).toISOString();

it("a time of RFC 5280 is read to the second, with its century", () => {
  assert.equal(read(utcTime("491231235959Z")), "2049-12-31T23:59:59.000Z");
  assert.equal(read(utcTime("500101000000Z")), "1950-01-01T00:00:00.000Z");
  assert.equal(read(generalizedTime("00010101000000Z")), "0001-01-01T00:00:00.000Z");
  assert.equal(read(generalizedTime("20240229235959Z")), "2024-02-29T23:59:59.000Z");
  assert.equal(read(generalizedTime("99991231235959Z")), "9999-12-31T23:59:59.000Z");
});

it("what is no date, or could be two, is refused, whatever lay in memory before", () => {
  const utc = ["", "yesterday", "2101010000Z", "210101000000", "210101000000+0100", "210101000000.5Z", "211301000000Z",
    "210001000000Z", "210100000000Z", "210132000000Z", "210230000000Z", "230229000000Z", "210101240000Z", "210101006000Z",
    "210101000060Z", " 10101000000Z", "-10101000000Z"]; // prettier-ignore
  const general = [
    "2021010100000Z",
    "20210230000000Z",
    "20230229000000Z",
    "20210101000000",
    "20210101000000.0Z",
  ];
  for (let round = 0; round < 3; round += 1) {
    read(utcTime("200101000000Z"));
    for (const text of utc) assert.throws(() => read(utcTime(text)), Error, text);
    for (const text of general) assert.throws(() => read(generalizedTime(text)), Error, text);
  }
});
