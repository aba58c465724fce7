/** Extensions of certificates, RFC 5280 section 4.2, each as a whole Extension element. */
import { oid, sequence, tlv } from "../../packages/identity/src/testing/der.ts";

const yes = tlv(1, Buffer.of(0xff));

/** @param value the DER inside */
export function extension(type: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(type), ...(critical ? [yes] : []), tlv(4, value));
}

/** basicConstraints: an authority, and how many more may stand below it. */
export function isAuthority(pathLength?: number): Buffer {
  const constraint = pathLength === undefined ? [] : [tlv(2, Buffer.of(pathLength))];
  return extension("2.5.29.19", sequence(yes, ...constraint), true);
}

/** basicConstraints: no authority. */
export const isNoAuthority = extension("2.5.29.19", sequence(), true);

/** keyUsage, with the bits of one octet: 0x80 is digitalSignature, 0x20 keyEncipherment, 0x04 keyCertSign. */
export const keyUsage = (bits: number): Buffer => extension("2.5.29.15", tlv(3, Buffer.of(0, bits)), true);

const purposes = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  email: "1.3.6.1.5.5.7.3.4",
  any: "2.5.29.37.0",
} as const;

/** extendedKeyUsage. */
export const forPurposes = (...names: readonly (keyof typeof purposes)[]): Buffer =>
  extension("2.5.29.37", sequence(...names.map((name) => oid(purposes[name]))));

/** nameConstraints. @param subtrees whole GeneralNames that those below must not, or may alone, bear */
export function nameConstraints(kind: "permitted" | "excluded", ...subtrees: readonly Buffer[]): Buffer {
  const tag = kind === "permitted" ? 0xa0 : 0xa1;
  return extension("2.5.29.30", sequence(tlv(tag, ...subtrees.map((name) => sequence(name)))), true);
}

/** One that nobody knows, and that demands to be known. */
export const unknownCritical = extension("1.2.3.4.5.6", tlv(5), true);
