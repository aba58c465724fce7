import assert from "node:assert/strict";
import type { Certificate } from "../certificate.ts";
import type { AssertedIdentity } from "../dialects/dialect.ts";
import { nameTexts } from "./name-texts.ts";

/** Sees to it that whatever was read about a client is what the certificate says; that it is all of it, is not looked at. */
export function saysNothingElse(asserted: AssertedIdentity | undefined, certificate: Certificate): void {
  assert.ok(asserted, "somebody");
  const { subject, issuer, sha256, user } = asserted;
  if (subject) assert.deepEqual(nameTexts(subject), nameTexts(certificate.subject));
  if (issuer) assert.deepEqual(nameTexts(issuer), nameTexts(certificate.issuer));
  if (asserted.certificate) assert.deepEqual(asserted.certificate.der, certificate.der);
  if (sha256 !== undefined) assert.equal(sha256, certificate.sha256);
  const { subjectAltNames: names } = certificate;
  for (const kind of ["emails", "dnsNames", "uris", "upns"] as const) {
    for (const value of asserted[kind]) assert.ok(names[kind].includes(value), `${kind}: ${value}`);
  }
  if (user !== undefined) {
    const values = certificate.subject.flat().map(({ value }) => value);
    assert.ok([...values, ...names.emails, ...names.upns].includes(user), `user: ${user}`);
  }
}
