/** The entries of a revocation list, one at a time (RFC 5280 section 5.3). */
import { childrenOf, elementsOf, readElement, tags, type Element } from "@sallyport/identity/der";
import { readExtensions } from "../extensions.ts";
import { ListRefused } from "./list-refused.ts";
import { rememberingDays } from "./remembering-days.ts";
import { longestSerial, shortest } from "./serial-octets.ts";

export type RevokedEntry = {
  /** The shortest octets of the number. Part of the list's own octets: to be copied by whoever keeps it. */
  readonly serial: Buffer;
  /** Milliseconds since the epoch. */
  readonly date: number;
  /** CRLReason; 0 is "unspecified", and what is not specified. */
  readonly reason: number;
};

const reasonCode = "2.5.29.21";
const certificateIssuer = "2.5.29.29";
const enumerated = 0x0a;

/**
 * SEQUENCE OF SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions Extensions OPTIONAL }
 * @param entries what that SEQUENCE OF holds
 * @throws ListRefused Error
 */
export function* readRevokedEntries(
  entries: Buffer,
  version: 1 | 2,
): Generator<RevokedEntry, void, undefined> {
  const readReason = rememberingReasons();
  const readDate = rememberingDays();
  for (const entry of elementsOf(entries)) {
    const [serial, date, extensions, ...more] = childrenOf(entry, tags.sequence);
    if (serial?.tag !== tags.integer || serial.content.length === 0 || !date || more.length > 0)
      throw new Error("an entry that is none");
    if (extensions && version === 1) throw new Error("an entry with extensions in a list of version 1");
    const octets = shortest(serial.content);
    if (octets.length > longestSerial)
      throw new ListRefused(
        `lists a serial number of ${octets.length} octets; ${longestSerial} are the limit`,
      );
    yield { serial: octets, date: readDate(date), reason: extensions ? readReason(extensions) : 0 };
  }
}

/** A long list has few different extensions; each is read once. */
function rememberingReasons(): (extensions: Element) => number {
  const known = new Map<string, number>();
  return (extensions) => {
    const key = extensions.encoded.length > 64 ? undefined : extensions.encoded.toString("latin1");
    const reason = (key === undefined ? undefined : known.get(key)) ?? readReason(extensions);
    if (key !== undefined && known.size < 100) known.set(key, reason);
    return reason;
  };
}

function readReason(element: Element): number {
  const extensions = readExtensions(childrenOf(element, tags.sequence));
  if (extensions.has(certificateIssuer))
    throw new ListRefused(
      "has an entry of another authority than the one that signed it: it is an indirect list",
    );
  for (const [type, { critical }] of extensions) {
    if (critical && type !== reasonCode)
      throw new ListRefused(`has an entry with the critical extension ${type}, which is not understood here`);
  }
  const extension = extensions.get(reasonCode);
  if (extension === undefined) return 0;
  const { tag, content } = readElement(extension.value);
  if (tag !== enumerated || content.length !== 1) throw new Error("no reasonCode");
  return content.readUInt8(0);
}
