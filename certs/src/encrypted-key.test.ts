import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { encryptPrivateKey, isEncrypted } from "./encrypted-key.ts";
import { generatePrivateKey, privateKeyPem } from "./key-pair.ts";
import { scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

describe("encryptPrivateKey", () => {
  let place: Scratch, plain: string, encrypted: string;
  before(async () => {
    place = scratch();
    plain = privateKeyPem(await generatePrivateKey("ec-p256"));
    encrypted = encryptPrivateKey(plain, "pässphrase");
    writeFileSync(join(place.folder, "test.key"), encrypted);
  });
  after(() => {
    place.remove();
  });

  it("is read by Node and OpenSSL with its passphrase", () => {
    assert.equal(privateKeyPem(createPrivateKey({ key: encrypted, passphrase: "pässphrase" })), plain);
    assert.equal(place.openssl("pkey", "-in", "test.key", "-passin", "pass:pässphrase"), plain);
  });

  it("is PKCS#8 with scrypt and AES-256", () => {
    const structure = place.openssl("asn1parse", "-in", "test.key");
    assert.match(structure, /OBJECT +:PBES2\n[^]*OBJECT +:scrypt\n[^]*OBJECT +:aes-256-cbc\n/);
    assert.match(structure, /INTEGER +:4000\n.*INTEGER +:08\n.*INTEGER +:05\n/);
  });

  it("is told from a key in the clear", () => {
    assert.deepEqual([isEncrypted(encrypted), isEncrypted(plain)], [true, false]);
  });
});
