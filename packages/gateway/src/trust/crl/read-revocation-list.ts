/** DER -> what a revocation list says of itself (RFC 5280 section 5.1). Says, not proves. Its entries stay octets here. */
import { readName, readTime, type DistinguishedName } from "@sallyport/identity";
import { childrenOf, readElement, tags, type Element } from "@sallyport/identity/der";
import { readExtensions, type Extension } from "../extensions.ts";
import { everything, readListScope, type ListScope } from "./list-scope.ts";
import { ListRefused } from "./list-refused.ts";

export type RevocationList = {
  readonly issuer: DistinguishedName;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** The cRLNumber, where there is one. */
  readonly number: bigint | undefined;
  readonly scope: ListScope;
  /** The issuingDistributionPoint in hex: lists of one authority that differ in it stand beside each other. */
  readonly scopeKey: string;
  /** What the SEQUENCE of entries holds. */
  readonly entries: Buffer;
  readonly version: 1 | 2;
  /** What was signed, how, and the signature. */
  readonly signed: Buffer;
  readonly algorithm: Element;
  readonly signature: Buffer;
};

const bitString = 0x03;
const utcTime = 0x17;
const generalizedTime = 0x18;
const explicitExtensions = 0xa0;
/** Five minutes, for clocks that do not agree. */
const clockSkew = 5 * 60 * 1000;

const issuingDistributionPoint = "2.5.29.28";
const cRLNumber = "2.5.29.20";
const deltaCRLIndicator = "2.5.29.27";
/** authorityKeyIdentifier is a hint to the key, and the key is found by trying. */
const understood = new Set([issuingDistributionPoint, cRLNumber, "2.5.29.35"]);

/**
 * CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signature BIT STRING }
 * TBSCertList ::= SEQUENCE { version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
 * revokedCertificates OPTIONAL, [0] crlExtensions OPTIONAL }
 * @param now milliseconds since the epoch
 * @throws ListRefused for a list that is sound but of no use here
 * @throws Error for what is no list
 */
export function readRevocationList(der: Buffer, now: number): RevocationList {
  const [tbs, algorithm, signature, ...none] = childrenOf(readElement(der), tags.sequence);
  if (!tbs || !algorithm || signature?.tag !== bitString || signature.content[0] !== 0 || none.length > 0)
    throw new Error("no CertificateList");
  const fields = childrenOf(tbs, tags.sequence);
  const next = (wanted: (field: Element) => boolean) =>
    fields[0] && wanted(fields[0]) ? fields.shift() : undefined;
  const isTime = ({ tag }: Element) => tag === utcTime || tag === generalizedTime;
  const version = readVersion(next(({ tag }) => tag === tags.integer));
  const innerAlgorithm = next(() => true);
  const issuer = next(() => true);
  const thisUpdate = next(isTime);
  const nextUpdate = next(isTime);
  const entries = next(({ tag }) => tag === tags.sequence);
  const wrapper = next(({ tag }) => tag === explicitExtensions);
  if (!innerAlgorithm || !issuer || !thisUpdate || fields.length > 0) throw new Error("no TBSCertList");
  if (!innerAlgorithm.encoded.equals(algorithm.encoded))
    throw new ListRefused("names one signature algorithm inside and another outside of what is signed");
  if (nextUpdate === undefined)
    throw new ListRefused("has no nextUpdate: nobody could say when it is out of date");
  const from = readTime(thisUpdate);
  if (from > now + clockSkew)
    throw new ListRefused(`is of ${new Date(from).toISOString()}, which has not come yet`);
  if (wrapper && version === 1) throw new Error("extensions in a list of version 1");
  const extensions = readListExtensions(wrapper);
  const scope = extensions.get(issuingDistributionPoint)?.value;
  return {
    issuer: readName(issuer),
    thisUpdate: from,
    nextUpdate: readTime(nextUpdate),
    number: readNumber(extensions.get(cRLNumber)),
    scope: scope ? readListScope(scope) : everything,
    scopeKey: scope?.toString("hex") ?? "",
    entries: entries?.content ?? Buffer.alloc(0),
    version,
    signed: tbs.encoded,
    algorithm,
    signature: signature.content.subarray(1),
  };
}

function readVersion(version: Element | undefined): 1 | 2 {
  if (version === undefined) return 1;
  if (version.content.length !== 1 || version.content[0] !== 1) throw new Error("an unknown version");
  return 2;
}

function readListExtensions(wrapper: Element | undefined): ReadonlyMap<string, Extension> {
  if (wrapper === undefined) return new Map();
  const extensions = readExtensions(childrenOf(readElement(wrapper.content), tags.sequence));
  if (extensions.has(deltaCRLIndicator))
    throw new ListRefused("is a delta list, which only says what changed since another list");
  for (const [type, { critical }] of extensions) {
    if (critical && !understood.has(type))
      throw new ListRefused(`has the critical extension ${type}, which is not understood here`);
  }
  return extensions;
}

/** CRLNumber ::= INTEGER (0..MAX) of at most 20 octets (RFC 5280 section 5.2.3). */
function readNumber(extension: Extension | undefined): bigint | undefined {
  if (extension === undefined) return undefined;
  const { tag, content } = readElement(extension.value);
  if (tag !== tags.integer || content.length < 1 || content.length > 20 || (content[0] ?? 0) >= 0x80)
    throw new Error("no cRLNumber");
  return BigInt(`0x${content.toString("hex")}`);
}
