/** Certificates that must not let anybody in, each with the code it is refused with. */
import { createAuthority, extendedKeyUsages, issueCertificate, type Subject } from "@sallyport/certs";
import type { BadCertificate } from "./bad-certificate.ts";
import { rootName, type Identity, type TestAuthority } from "./test-authority.ts";
import { unsoundCertificates } from "./unsound-certificates.ts";

const day = 24 * 60 * 60 * 1000;
const keyAlgorithm = "ec-p256";
const commonName = "Grace Hopper"; // every one of them claims to be her
const untrusted = {
  code: "certificate-untrusted",
  sentence: /not issued by an authority that this site accepts/,
};

export async function badCertificates(authority: TestAuthority): Promise<readonly BadCertificate[]> {
  const { issue, root } = authority;
  const now = Date.now();
  const other = await createAuthority({ subject: [{ type: "CN", value: "Another Root" }], keyAlgorithm });
  const namesake = await createAuthority({ subject: rootName, keyAlgorithm });
  const intermediate = await createAuthority({
    subject: [{ type: "CN", value: "Test Intermediate" }],
    issuer: root,
    keyAlgorithm,
  });
  const behind = await issue(commonName, { issuer: intermediate });
  const leaf = await issue("Cecilia Payne");
  const self = await issueCertificate({ subject: [{ type: "CN", value: commonName }], keyAlgorithm });
  // DER knows no constructed strings (X.690 section 10.2); OpenSSL takes them all the same
  const constructed = Buffer.of(0x2c, 0x04, 0x0c, 0x02, 0x41, 0x42);
  const malformed: Subject = [
    { type: "O", value: constructed },
    { type: "CN", value: commonName },
  ];
  return [
    {
      name: "none",
      identity: undefined,
      code: "certificate-missing",
      sentence: /none was sent/,
    },
    { name: "of another authority", identity: await issue(commonName, { issuer: other }), ...untrusted },
    {
      name: "of an authority with the same name",
      identity: await issue(commonName, { issuer: namesake }),
      ...untrusted,
    },
    {
      name: "of the same name, key identifier and serial number, signed with another key",
      identity: await issue(commonName, {
        issuer: { certificatePem: root.certificatePem, privateKeyPem: namesake.privateKeyPem },
      }),
      ...untrusted,
    },
    {
      name: "self-signed",
      identity: { cert: self.certificatePem, key: self.privateKeyPem },
      ...untrusted,
    },
    {
      name: "signed by somebody who is no authority",
      identity: await chained(
        issue(commonName, { issuer: { certificatePem: leaf.cert, privateKeyPem: leaf.key } }),
        leaf.cert,
      ),
      ...untrusted,
    },
    {
      name: "of another authority that is sent along",
      identity: await chained(issue(commonName, { issuer: other }), other.certificatePem),
      ...untrusted,
    },
    { name: "of an intermediate that is not sent along", identity: behind, ...untrusted },
    {
      name: "expired",
      identity: await issue(commonName, {
        notBefore: new Date(now - 3 * day),
        notAfter: new Date(now - 2 * day),
      }),
      code: "certificate-expired",
      sentence: new RegExp(`Your certificate ended on ${longDate(now - 2 * day)}`),
    },
    {
      name: "not yet valid",
      identity: await issue(commonName, {
        notBefore: new Date(now + 2 * day),
        notAfter: new Date(now + 3 * day),
      }),
      code: "certificate-not-yet-valid",
      sentence: new RegExp(`Your certificate begins on ${longDate(now + 2 * day)}`),
    },
    {
      name: "for servers only",
      identity: await issue(commonName, { extendedKeyUsage: [extendedKeyUsages.serverAuth] }),
      code: "certificate-wrong-purpose",
      sentence: /not meant for signing in as a client/,
    },
    {
      name: "too deep",
      identity: { ...behind, cert: behind.cert + intermediate.certificatePem },
      code: "certificate-too-deep",
      sentence: /Too many authorities/,
    },
    {
      name: "malformed",
      identity: await issue(malformed),
      code: "certificate-malformed",
      sentence: /cannot be read/,
    },
    ...unsoundCertificates(authority),
  ];
}

async function chained(leaf: Promise<Identity>, authorityPem: string): Promise<Identity> {
  const { cert, key } = await leaf;
  return { cert: cert + authorityPem, key };
}

function longDate(instant: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(instant);
}
