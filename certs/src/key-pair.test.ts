import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { generatePrivateKey, keyAlgorithmOf } from "./key-pair.ts";
import type { KeyAlgorithm } from "./key-pair.ts";

describe("generatePrivateKey", () => {
  it("makes what was asked for", async () => {
    for (const algorithm of ["rsa-2048", "rsa-4096", "ec-p256", "ec-p384"] satisfies KeyAlgorithm[])
      assert.equal(keyAlgorithmOf(await generatePrivateKey(algorithm)), algorithm);
  });
});
