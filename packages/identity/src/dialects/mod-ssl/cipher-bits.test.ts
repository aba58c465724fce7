import assert from "node:assert/strict";
import { getCiphers } from "node:tls";
import { it } from "node:test";
import { cipherBits } from "./cipher-bits.ts";

const known: Record<string, readonly [number, number] | undefined> = {
  TLS_AES_256_GCM_SHA384: [256, 256],
  TLS_CHACHA20_POLY1305_SHA256: [256, 256],
  TLS_AES_128_GCM_SHA256: [128, 128],
  "ECDHE-RSA-AES128-SHA256": [128, 128],
  "ECDHE-ECDSA-AES256-CCM8": [256, 256],
  "ECDHE-ARIA128-GCM-SHA256": [128, 128],
  "DHE-RSA-CAMELLIA256-SHA256": [256, 256],
  "ECDHE-ECDSA-DES-CBC3-SHA": [112, 168],
  "ECDHE-ECDSA-NULL-SHA": undefined,
  "": undefined,
};
for (const [name, bits] of Object.entries(known)) {
  it(`${name}: ${bits?.join() ?? "unknown"}`, () => {
    const found = cipherBits(name);
    assert.deepEqual(found && [found.used, found.algorithm], bits);
  });
}

it("knows every cipher of this Node that hides anything", () => {
  for (const name of getCiphers()) {
    if (!name.includes("null")) assert.ok(cipherBits(name.toUpperCase()), name);
  }
});
