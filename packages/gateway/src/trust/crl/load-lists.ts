/** Octets -> revocation lists that are proved to be an authority's, indexed. All the work there is, in one pure function. */
import { createHash, X509Certificate } from "node:crypto";
import { printRfc4514, readCertificate, sameName, type DistinguishedName } from "@sallyport/identity";
import { readElement } from "@sallyport/identity/der";
import { verifySignature } from "../verify-signature.ts";
import { extensionsOf } from "../extensions.ts";
import { ListRefused } from "./list-refused.ts";
import type { ListScope } from "./list-scope.ts";
import { readRevocationList, type RevocationList } from "./read-revocation-list.ts";
import { readRevokedEntries } from "./revoked-entries.ts";
import { buildSerialIndex, type SerialIndex } from "./serial-index.ts";
import { splitLists } from "./split-lists.ts";

/** A list whose signature has been verified. Fit to be sent from a worker. */
export type LoadedList = {
  readonly issuer: DistinguishedName;
  /** SHA-256 of the SubjectPublicKeyInfo that verified the signature, as Certificate has it. */
  readonly issuerKey: string;
  readonly scope: ListScope;
  readonly scopeKey: string;
  readonly number: bigint | undefined;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly index: SerialIndex;
  /** SHA-256 of all that was signed, and of the entries alone. */
  readonly digest: string;
  readonly entriesDigest: string;
};

/** What came of a file or an answer. `digest` is the SHA-256 of its octets, `undefined` when there were none to read. */
export type Loaded =
  | { readonly digest: string; readonly lists: readonly LoadedList[] }
  | { readonly digest: string; readonly unchanged: true }
  /** Goes on behind the file's name. */
  | { readonly digest: string | undefined; readonly problem: string };

/**
 * @param authorities DER of the certificates that a list may be signed by
 * @param known the digest of octets that need not be read again
 * @returns `problem` where one list is refused, however many good ones stand beside it; never throws
 */
export function loadLists(octets: Buffer, authorities: readonly Uint8Array[], known?: string): Loaded {
  const digest = sha256(octets);
  if (digest === known) return { digest, unchanged: true };
  try {
    const candidates = authorities.map((der) => readAuthority(Buffer.from(der)));
    return { digest, lists: splitLists(octets).map((der) => loadList(der, candidates)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem =
      error instanceof ListRefused ? reason : `is no revocation list that can be read (${reason})`;
    return { digest, problem };
  }
}

function loadList(der: Buffer, authorities: readonly Authority[]): LoadedList {
  const list = readRevocationList(der, Date.now());
  const { issuer, scope, scopeKey, number, thisUpdate, nextUpdate, entries, version, signed } = list;
  const issuerKey = signerOf(list, authorities);
  const index = buildSerialIndex(readRevokedEntries(entries, version), entries.length);
  const facts = { issuer, issuerKey, scope, scopeKey, number, thisUpdate, nextUpdate };
  return { ...facts, index, digest: sha256(signed), entriesDigest: sha256(entries) };
}

type Authority = {
  readonly certificate: X509Certificate;
  readonly subject: DistinguishedName;
  readonly key: string;
  readonly signsLists: boolean;
};

function readAuthority(der: Buffer): Authority {
  const { subject, spkiSha256: key } = readCertificate(der);
  return { certificate: new X509Certificate(der), subject, key, signsLists: mayKeySignLists(der) };
}

/** The key that signed the list. One certificate for each key is enough: the signature is what counts. */
function signerOf(list: RevocationList, authorities: readonly Authority[]): string {
  const name = printRfc4514(list.issuer);
  const namesakes = authorities.filter(({ subject }) => sameName(subject, list.issuer));
  if (namesakes.length === 0)
    throw new ListRefused(
      `is issued by ${name}, which is not among clients.authorities; add its certificate there`,
    );
  const allowed = namesakes.filter(({ signsLists }) => signsLists);
  if (allowed.length === 0)
    throw new ListRefused(`is issued by ${name}, whose certificate does not let it sign lists (keyUsage without cRLSign)`); // prettier-ignore
  const keys = new Map(allowed.map((authority) => [authority.key, authority.certificate.publicKey]));
  for (const [id, key] of keys) {
    if (verifySignature(list.algorithm, list.signed, list.signature, key)) return id;
  }
  throw new ListRefused(`says that it is issued by ${name}, but is not signed with a key of that authority`);
}

const keyUsage = "2.5.29.15";

/** KeyUsage ::= BIT STRING, cRLSign is bit 6. Without the extension a key may do anything (RFC 5280 section 4.2.1.3). */
function mayKeySignLists(certificate: Buffer): boolean {
  const extension = extensionsOf(certificate).get(keyUsage);
  if (extension === undefined) return true;
  const { tag, content } = readElement(extension.value);
  return tag === 0x03 && ((content[1] ?? 0) & 0x02) !== 0;
}

function sha256(octets: Buffer): string {
  return createHash("sha256").update(octets).digest("hex");
}
