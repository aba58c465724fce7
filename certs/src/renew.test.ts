import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { issueCertificate } from "./authority.ts";
import { issue } from "./issue.ts";
import { keyAlgorithmOf } from "./key-pair.ts";
import type { OpenAuthority } from "./open-authority.ts";
import { profiles } from "./profiles.ts";
import { renew } from "./renew.ts";
import { localSubject } from "./subject.ts";
import { quickAuthority, scratch } from "./testing/scratch.ts";
import type { Scratch } from "./testing/scratch.ts";

const keyAlgorithm = "ec-p256";

describe("renew", () => {
  let place: Scratch, authority: OpenAuthority;
  before(async () => {
    place = scratch();
    authority = await quickAuthority(join(place.folder, "authority"));
  });
  after(() => {
    place.remove();
  });

  it("keeps who somebody is and what they may do, and gives them a new key, number and end", async () => {
    const value = Buffer.from("0c0474657374", "hex");
    const old = await issue(authority, {
      name: "server",
      subject: [[{ type: "OU", value: "a" }, { type: "O", value: "b" }], { type: "CN", value: "Zoë" }], // prettier-ignore
      alternativeNames: [
        { type: "dns", value: "*.flask.local" },
        { type: "upn", value: "test@flask.local" },
      ],
      profile: profiles.server,
      extensions: [{ type: "1.2.3.4", value }],
      keyAlgorithm,
      days: 1,
      allowAmbiguous: true,
    });
    const renewed = await renew(authority, old.certificatePem, { days: 9 });
    const [before, now] = [old, renewed].map(({ der }) => new X509Certificate(der));
    assert.ok(before && now);
    assert.equal(now.subject, before.subject);
    assert.equal(now.subjectAltName, before.subjectAltName);
    assert.deepEqual(now.keyUsage, before.keyUsage);
    assert.ok(Buffer.from(renewed.der).includes(value));
    const name = (der: Uint8Array) =>
      Buffer.from(der)
        .subarray(Buffer.from(der).indexOf("Zoë") - 35) // where the subject begins
        .subarray(0, 39);
    assert.deepEqual(name(renewed.der), name(old.der));
    assert.notEqual(renewed.serialNumber, old.serialNumber);
    assert.ok(renewed.privateKeyPem);
    assert.ok(!now.publicKey.equals(before.publicKey));
    assert.equal(Math.round((renewed.notAfter.getTime() - old.notAfter.getTime()) / 86_400_000), 8);
  });

  it("can keep the key, or take one of another kind", async () => {
    const old = await issue(authority, { name: "test", subject: localSubject("Test Subject"), keyAlgorithm });
    const { publicKey } = new X509Certificate(old.der);
    const kept = await renew(authority, old.der, {
      publicKey: new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    });
    assert.ok(new X509Certificate(kept.der).publicKey.equals(publicKey));
    const other = await renew(authority, old.der, { keyAlgorithm: "ec-p384" });
    assert.equal(keyAlgorithmOf(new X509Certificate(other.der).publicKey), "ec-p384");
  });

  it("renews nothing that another authority issued, and no authority", async () => {
    const other = await quickAuthority(join(place.folder, "other"));
    const request = { subject: localSubject("Test Subject"), issuer: other.signer, keyAlgorithm } as const;
    const { der } = await issueCertificate(request);
    await assert.rejects(renew(authority, der), /The certificate was not issued by this authority/);
    await assert.rejects(renew(authority, authority.signer.certificatePem), /is an authority's own/);
  });
});
