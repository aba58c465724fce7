/** What is written down of one exchange. */
import { printRfc4514, type Certificate, type ClientIdentity } from "@sallyport/identity";
import type { AccessLine } from "./log.ts";

type Peer = { readonly identity: ClientIdentity; readonly address: string };
/** Where the request went. */
type Place = {
  readonly route: string | undefined;
  /** Which of the route's targets had it, where there are several. */
  readonly target: string | undefined;
};
type Trouble = {
  readonly refusal: { readonly code: string; readonly detail: string };
  readonly incident: string;
};

/** @param duration milliseconds */
export function accessLine(
  request: { readonly method?: string | undefined; readonly url?: string | undefined },
  status: number,
  { identity, address }: Peer,
  { route, target }: Place,
  duration: number,
  bytes: number,
  trouble: Trouble | undefined,
): AccessLine {
  return {
    method: request.method ?? "",
    // Without the query: it is where tokens and searches travel.
    path: (request.url ?? "").replace(/\?.*/s, ""),
    status,
    subject: subjectOf(identity),
    verify: identity.verify === "FAILED" ? `FAILED:${identity.reason}` : identity.verify,
    route: route ?? null,
    target,
    duration: Math.round(duration * 1000) / 1000,
    bytes,
    address,
    code: trouble?.refusal.code,
    detail: trouble?.refusal.detail === "" ? undefined : trouble?.refusal.detail,
    incident: trouble?.incident,
  };
}

const printed = new WeakMap<Certificate, string>();

/** It is printed once for a certificate that is believed, and once for the connection of one that is not. */
function subjectOf(identity: ClientIdentity): string | null {
  const certificate = identity.verify === "NONE" ? undefined : identity.certificate;
  if (certificate === undefined) return null;
  let subject = printed.get(certificate);
  if (subject === undefined) {
    subject = printRfc4514(certificate.subject);
    printed.set(certificate, subject);
  }
  return subject;
}
