import assert from "node:assert/strict";
import { it } from "node:test";
import { requestIn } from "./request-in.ts";

const der = Buffer.from("3003020105", "hex");

it("base64 is read in one line or many, and PEM is left to who reads it", () => {
  for (const text of ["MAMCAQU=", "MAMC\r\nAQU=\r\n", " MAMC\n\tAQU= "])
    assert.deepEqual(requestIn(Buffer.from(text)), der);
  const pem = "-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQU=\n-----END CERTIFICATE REQUEST-----";
  assert.equal(requestIn(Buffer.from(`${pem}\n`)), pem);
});

it("anything else is nothing", () => {
  for (const body of [undefined, {}, "MAMCAQU=", Buffer.alloc(0), der, ...["%", "MAMCAQU", "MAMC=AQU", "MAM_"].map((text) => Buffer.from(text))])
    assert.equal(requestIn(body), undefined);
}); // prettier-ignore
