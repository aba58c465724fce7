/** Certificates of the right authority that are too weak, or that it, or one between, may not have issued. */
import { generalNames, nameOf, subjectAltName, tlv, utf8 } from "../../packages/identity/src/testing/der.ts";
import type { BadCertificate } from "./bad-certificate.ts";
import { forPurposes, isAuthority, isNoAuthority, keyUsage, nameConstraints, unknownCritical } from "./extensions.ts"; // prettier-ignore
import { chained, ecKeys, mint, rsaKeys, type MintRequest } from "./mint.ts";
import type { Identity, TestAuthority } from "./test-authority.ts";

const forClients = [isNoAuthority, forPurposes("client")];
const directoryName = (organization: string) => tlv(0xa4, nameOf([[["2.5.4.10", utf8(organization)]]]));

/** For a site whose `depth` is 1: where more than one thing is wrong, the code tells which of them is said. */
export function unsoundCertificates({
  root: issued,
}: Pick<TestAuthority, "root">): readonly BadCertificate[] {
  const root = { cert: issued.certificatePem, key: issued.privateKeyPem };
  const leaf = (request: Partial<MintRequest> = {}) =>
    mint({ subject: "Grace Hopper", issuer: root, extensions: forClients, ...request });
  const authority = (request: Partial<MintRequest> = {}, ...extensions: readonly Buffer[]) =>
    mint({
      subject: "Test Intermediate",
      issuer: root,
      extensions: [isAuthority(), ...extensions],
      ...request,
    });
  const below = (issuer: Identity, request: Partial<MintRequest> = {}) =>
    chained(leaf({ issuer, ...request }), issuer);
  const because = (code: string, sentence: RegExp, cases: Readonly<Record<string, Identity>>) =>
    Object.entries(cases).map(([name, identity]) => ({ name, identity, code, sentence }));

  const zero = authority({ extensions: [isAuthority(0)] });
  const one = authority({ subject: "Second Intermediate", issuer: zero });
  const rsa = authority({ keys: rsaKeys(2048) });
  const strange = subjectAltName(generalNames.email("grace@elsewhere.example"));
  return [
    ...because("certificate-weak-key", /too weak/, {
      "an RSA key of 1024 bits": leaf({ keys: rsaKeys(1024) }),
      "a curve that is spelt out": leaf({ keys: ecKeys("P-256", "explicit") }),
      "signed by way of SHA-1": leaf({ digest: "sha1" }),
      "signed by way of MD5": below(rsa, { digest: "md5" }),
      "below an authority with an RSA key of 1024 bits": below(authority({ keys: rsaKeys(1024) })),
      "below an authority signed by way of SHA-1": below(authority({ digest: "sha1" })),
    }),
    ...because("certificate-wrong-purpose", /not meant for signing in as a client/, {
      "for any purpose": leaf({ extensions: [isNoAuthority, forPurposes("any")] }),
      "for e-mail": leaf({ extensions: [isNoAuthority, forPurposes("email")] }),
      "a key for enciphering alone": leaf({ extensions: [...forClients, keyUsage(0x20)] }),
      "a key for signing certificates alone": leaf({ extensions: [...forClients, keyUsage(0x04)] }),
      "the root itself": root,
      "below an authority for servers": below(authority({}, forPurposes("server"))),
      "below a certificate of version 1": below(authority({ version: 1, extensions: [] })),
    }),
    ...because("certificate-untrusted", /not issued by an authority that this site accepts/, {
      "below one authority too many for the one above it": chained(leaf({ issuer: one }), one, zero),
      "an address outside the names its authority may give": below(
        authority({}, nameConstraints("permitted", generalNames.email("flask.local"))),
        { extensions: [...forClients, strange] },
      ),
      "a subject outside the names its authority may give": below(
        authority({}, nameConstraints("permitted", directoryName("Flask"))),
      ),
      "a subject among the names its authority may not give": below(
        authority({}, nameConstraints("excluded", directoryName("Navy"))),
        { subject: [[["2.5.4.10", utf8("Navy")]], [["2.5.4.3", utf8("Grace Hopper")]]] },
      ),
      "a critical extension that nobody knows": leaf({ extensions: [...forClients, unknownCritical] }),
      "below an authority with one": below(authority({}, unknownCritical)),
      "one extension twice": leaf({ extensions: [...forClients, forPurposes("client")] }),
      "below an authority that may not sign certificates": below(authority({}, keyUsage(0x80))),
      "below an authority that has ended": below(authority({ notAfter: new Date(Date.now() - 1000) })),
    }),
    ...because("certificate-too-deep", /Too many authorities/, {
      "below twenty authorities": longChain(root, leaf, authority),
    }),
  ];
}

type Mint = (request?: Partial<MintRequest>) => Identity;

function longChain(root: Identity, leaf: Mint, authority: Mint): Identity {
  const chain = [root];
  while (chain.length <= 20)
    chain.unshift(authority({ subject: `Authority ${chain.length}`, issuer: chain[0] ?? root }));
  return chained(leaf({ issuer: chain[0] ?? root }), ...chain.slice(0, -1));
}
