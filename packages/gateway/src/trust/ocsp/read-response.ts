/**
 * An OCSPResponse in DER -> its parts (RFC 6960 section 4.2.1), read by the strict reader alone: what is verified and what
 * is believed are the same octets. Nothing is proved yet; see judge-response.ts.
 */
import { readTime } from "@sallyport/identity";
import { childrenOf, readElement, readObjectIdentifier, tags, type Element } from "@sallyport/identity/der";
import { readExtensions } from "../extensions.ts";
import { readBits } from "./certificate-parts.ts";

export type OcspResponse = {
  /** ResponseData as it was signed. */
  readonly signed: Buffer;
  readonly algorithm: Element;
  readonly signature: Buffer;
  /** Certificates that came with it, in DER. */
  readonly certificates: readonly Buffer[];
  /** `name`: the signer's subject in DER; `key`: the hash of its public key. */
  readonly responder: { readonly by: "name" | "key"; readonly octets: Buffer };
  readonly answers: readonly SingleAnswer[];
  /** The content of the nonce's extension; `undefined` when it has none. */
  readonly nonce: Buffer | undefined;
};

export type SingleAnswer = {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Buffer;
  readonly issuerKeyHash: Buffer;
  readonly serialNumber: Buffer;
  readonly status: "good" | "revoked" | "unknown";
  /** Milliseconds since the epoch. */
  readonly revokedAt: number | undefined;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
};

/** The responder says that it does not answer, and why (RFC 6960 section 2.3). Nothing about that is signed. */
export class Unsuccessful extends Error {
  readonly status: string;

  constructor(status: string) {
    super(`it refuses to answer: ${status}`);
    this.status = status;
  }
}

/** By their numbers; 4 is not used. */
const statuses: Readonly<Record<number, string>> = {
  1: "malformedRequest", 2: "internalError", 3: "tryLater", 5: "sigRequired", 6: "unauthorized",
}; // prettier-ignore
const basicResponse = "1.3.6.1.5.5.7.48.1.1";
const nonceType = "1.3.6.1.5.5.7.48.1.2";
const tag = {
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  enumerated: 0x0a,
  generalizedTime: 0x18,
} as const;
const context = (number: number) => 0xa0 | number;

/** @throws Unsuccessful, and Error for what is no answer */
export function readResponse(octets: Buffer): OcspResponse {
  const [status, bytes, ...more] = childrenOf(readElement(octets), tags.sequence);
  if (status?.tag !== tag.enumerated || status.content.length !== 1 || more.length > 0)
    throw new Error("no response status");
  const code = status.content.readUInt8(0);
  if (code !== 0) throw new Unsuccessful(statuses[code] ?? `status ${code}`);
  const [type, response, ...extra] = childrenOf(inner(bytes, context(0)), tags.sequence);
  if (type === undefined || readObjectIdentifier(type) !== basicResponse || extra.length > 0)
    throw new Error("no basic response");
  return readBasicResponse(readElement(contentOf(response, tag.octetString)));
}

/** SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, [0] certs SEQUENCE OF Certificate OPTIONAL } */
function readBasicResponse(basic: Element): OcspResponse {
  const [data, algorithm, signature, certificates, ...more] = childrenOf(basic, tags.sequence);
  if (data === undefined || algorithm === undefined || signature === undefined || more.length > 0)
    throw new Error("a field of the response is missing");
  const certs = certificates === undefined ? [] : childrenOf(inner(certificates, context(0)), tags.sequence);
  return {
    signed: data.encoded,
    algorithm,
    signature: readBits(signature),
    certificates: certs.map(({ encoded }) => encoded),
    ...readData(data),
  };
}

/**
 * ResponseData ::= SEQUENCE { [0] version DEFAULT v1, responderID, producedAt, responses SEQUENCE OF SingleResponse,
 * [1] responseExtensions OPTIONAL }, ResponderID ::= CHOICE { [1] byName, [2] byKey }
 */
function readData(data: Element): Pick<OcspResponse, "responder" | "answers" | "nonce"> {
  const fields = childrenOf(data, tags.sequence);
  if (fields[0]?.tag === context(0)) {
    const version = contentOf(inner(fields.shift(), context(0)), tags.integer);
    if (!version.equals(Buffer.from([0]))) throw new Error("a version that is not 1");
  }
  const [responderId, producedAt, responses, extensions, ...more] = fields;
  if (responderId === undefined || responses === undefined || more.length > 0)
    throw new Error("a field of the response is missing");
  instantOf(producedAt);
  return {
    responder:
      responderId.tag === context(1)
        ? { by: "name", octets: inner(responderId, context(1)).encoded }
        : { by: "key", octets: contentOf(inner(responderId, context(2)), tag.octetString) },
    answers: childrenOf(responses, tags.sequence).map(readAnswer),
    nonce: readKnownExtensions(extensions, nonceType).get(nonceType)?.value,
  };
}

/**
 * SingleResponse ::= SEQUENCE { certID, certStatus CHOICE { [0] good, [1] revoked, [2] unknown }, thisUpdate,
 * [0] nextUpdate OPTIONAL, [1] singleExtensions OPTIONAL }
 */
function readAnswer(answer: Element): SingleAnswer {
  const [certId, status, thisUpdate, ...optional] = childrenOf(answer, tags.sequence);
  if (certId === undefined || status === undefined) throw new Error("a field of the answer is missing");
  const nextUpdate = optional[0]?.tag === context(0) ? optional.shift() : undefined;
  const [extensions, ...more] = optional;
  if (more.length > 0) throw new Error("an answer with more fields than it can have");
  readKnownExtensions(extensions);
  return {
    ...readCertId(certId),
    ...readStatus(status),
    thisUpdate: instantOf(thisUpdate),
    nextUpdate: nextUpdate && instantOf(inner(nextUpdate, context(0))),
  };
}

function readCertId(certId: Element) {
  const [algorithm, nameHash, keyHash, serialNumber, ...more] = childrenOf(certId, tags.sequence);
  const [hash, parameters, ...extra] = algorithm === undefined ? [] : childrenOf(algorithm, tags.sequence);
  // NULL or nothing: responders write either.
  const isPlain =
    parameters === undefined || (parameters.tag === tag.null && parameters.content.length === 0);
  if (hash === undefined || !isPlain || more.length + extra.length > 0) throw new Error("no CertID");
  return {
    hashAlgorithm: readObjectIdentifier(hash),
    issuerNameHash: contentOf(nameHash, tag.octetString),
    issuerKeyHash: contentOf(keyHash, tag.octetString),
    serialNumber: contentOf(serialNumber, tags.integer),
  };
}

/** good and unknown are implicit NULLs, RevokedInfo ::= SEQUENCE { revocationTime, [0] revocationReason OPTIONAL }. */
function readStatus(status: Element): Pick<SingleAnswer, "status" | "revokedAt"> {
  if (status.tag === context(1)) {
    const [revokedAt] = childrenOf(status, context(1));
    return { status: "revoked", revokedAt: instantOf(revokedAt) };
  }
  if (status.content.length > 0) throw new Error("no certificate status");
  if (status.tag === 0x80) return { status: "good", revokedAt: undefined };
  if (status.tag === 0x82) return { status: "unknown", revokedAt: undefined };
  throw new Error("no certificate status");
}

/** What is critical changes what is said: unless it is known, nothing can be believed. */
function readKnownExtensions(wrapper: Element | undefined, known?: string) {
  const list = wrapper === undefined ? [] : childrenOf(inner(wrapper, context(1)), tags.sequence);
  const extensions = readExtensions(list);
  for (const [type, { critical }] of extensions) {
    if (critical && type !== known) throw new Error(`the critical extension ${type} is not known here`);
  }
  return extensions;
}

/** The one element within an explicit tag. */
function inner(element: Element | undefined, expected: number): Element {
  return readElement(contentOf(element, expected));
}

function contentOf(element: Element | undefined, expected: number): Buffer {
  if (element?.tag !== expected)
    throw new Error(`tag ${element?.tag ?? "none"} where ${expected} was expected`);
  return element.content;
}

/** GeneralizedTime, and no other (RFC 6960 section 4.2.2.1). */
function instantOf(time: Element | undefined): number {
  if (time?.tag !== tag.generalizedTime) throw new Error("no GeneralizedTime");
  return readTime(time);
}
