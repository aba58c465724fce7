/** What lists say of one certificate. */
import { printRfc4514, sameName } from "@sallyport/identity";
import type { Link, Standing } from "../source.ts";
import { scopeOf } from "./certificate-scope.ts";
import { covers } from "./list-scope.ts";
import type { LoadedList } from "./load-lists.ts";
import { serialOctets } from "./serial-octets.ts";
import { findSerial } from "./serial-index.ts";

/** A list and the name that people know it by. */
export type NamedList = LoadedList & { readonly name: string };

/** RFC 5280 section 5.3.1. */
const reasons = ["unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation", "certificateHold", undefined, "removeFromCRL", "privilegeWithdrawn", "aACompromise"]; // prettier-ignore

/**
 * A list speaks for the certificates of one key and one name. Two authorities with one name but different keys are two
 * authorities: the silence of one's list says nothing about who the other has revoked.
 *
 * Who is listed is revoked, whatever the list's scope: an authority gives a serial number once. Scope and age limit
 * what a list's silence means.
 * @param staleAfter how long a list holds past its nextUpdate, milliseconds
 */
export function standingOf(
  lists: Iterable<NamedList>,
  link: Link,
  now: number,
  staleAfter: number,
): Standing {
  const { certificate, issuer } = link;
  const serial = serialOctets(certificate.serialNumber);
  let latest: NamedList | undefined;
  for (const list of lists) {
    if (list.issuerKey !== issuer.spkiSha256 || !sameName(list.issuer, issuer.subject)) continue;
    const entry = findSerial(list.index, serial);
    if (entry !== undefined) return revoked(list, entry, now, staleAfter);
    const newest = latest === undefined || list.nextUpdate > latest.nextUpdate;
    if (newest && covers(list.scope, scopeOf(certificate))) latest = list;
  }
  if (latest === undefined)
    return {
      status: "unknown",
      detail: `no list of ${printRfc4514(issuer.subject)} covers it`,
      until: Infinity,
    };
  const until = latest.nextUpdate + staleAfter;
  const ended = `${latest.name} ended ${print(latest.nextUpdate)}`;
  return now < until
    ? { status: "good", detail: `not in ${latest.name} of ${print(latest.thisUpdate)}`, until }
    : { status: "unknown", detail: ended, until: Infinity };
}

/** For good, though to be looked at again when the list that says so has run out. */
function revoked(
  list: NamedList,
  entry: { date: number; reason: number },
  now: number,
  staleAfter: number,
): Standing {
  const { date, reason } = entry;
  const why = reason === 0 ? "" : ` for ${reasons[reason] ?? `reason ${reason}`}`;
  const end = list.nextUpdate + staleAfter;
  const detail = `revoked ${print(date)}${why}, says ${list.name}`;
  return { status: "revoked", detail, until: now < end ? end : Infinity };
}

function print(instant: number): string {
  return new Date(instant).toISOString();
}
