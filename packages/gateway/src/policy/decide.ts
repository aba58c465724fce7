/** May this peer have this route now? Asked at every request: identity is fixed at the handshake, its right to be here is not. */
import type { ClientIdentity } from "@sallyport/identity";
import { Refusal, type RefusalCode } from "../refuse/refusal.ts";

type Peer = { readonly identity: ClientIdentity; readonly notBefore: number; readonly notAfter: number };
/** What the sources of revocation say of a verified certificate; `undefined` where there is nobody to ask about. */
type Verdict = { readonly status: "good" | "revoked" | "unavailable"; readonly detail: string };

export type Presence = "required" | "optional";

export type Policy = {
  /** Whether the route can do without a certificate; a bad one is refused in any case. */
  readonly presence: Presence;
  /** Who may pass; `undefined` lets everybody who is verified. */
  readonly rules: Rules | undefined;
};
type Rules = { readonly judge: (identity: ClientIdentity) => Judgement };
type Judgement = { readonly permitted: boolean; readonly detail: string };

/**
 * OpenSSL's words for a certificate it did not believe, and ours. What is not listed is untrusted: that is what it
 * comes to for the person who presented it, and the word itself goes into the log.
 */
const codes = new Map<string, RefusalCode>([
  ["CERT_HAS_EXPIRED", "certificate-expired"],
  ["CERT_NOT_YET_VALID", "certificate-not-yet-valid"],
  ["INVALID_PURPOSE", "certificate-wrong-purpose"],
  ["CERT_CHAIN_TOO_LONG", "certificate-too-deep"],
  ["CERT_MALFORMED", "certificate-malformed"],
  ["WEAK_KEY", "certificate-weak-key"],
  ["WEAK_SIGNATURE", "certificate-weak-key"],
  ["WEAK_AUTHORITY", "certificate-weak-key"],
]);

/**
 * In the order in which a person could do something about it: is there a certificate, was it believed, is it in its
 * dates, does it still hold, and may its holder come here.
 * @param now milliseconds since the epoch, from the wall clock
 * @throws Refusal
 */
export function decide(
  peer: Peer,
  verdict: Verdict | undefined,
  { presence, rules }: Policy,
  now: number,
): void {
  const { identity } = peer;
  if (identity.verify === "NONE") {
    if (presence === "required") throw new Refusal("certificate-missing");
  } else if (identity.verify === "FAILED") {
    throw unbelieved(identity, now);
  } else {
    checkDates(peer, identity.certificate, now);
    if (verdict?.status === "revoked") throw new Refusal("certificate-revoked", verdict.detail);
    if (verdict?.status === "unavailable") throw new Refusal("revocation-unavailable", verdict.detail);
  }
  const judgement = rules?.judge(identity);
  if (judgement === undefined || judgement.permitted) return;
  // Who has shown nothing yet may be somebody whom a rule lets in.
  throw new Refusal(identity.verify === "NONE" ? "certificate-missing" : "not-allowed", judgement.detail);
}

type Failed = Extract<ClientIdentity, { verify: "FAILED" }>;
type Dates = { readonly notBefore: number; readonly notAfter: number };

function unbelieved({ certificate, reason }: Failed, now: number): Refusal {
  const code = codes.get(reason) ?? "certificate-untrusted";
  // An authority of the chain can be out of its dates too: then the person's own dates are not the reason.
  const own = !certificate || !isDate(code) || now < certificate.notBefore || now > certificate.notAfter;
  return new Refusal(own ? code : "certificate-untrusted", reason);
}

/** The dates of the whole path, told as the person's own only where they are. */
function checkDates({ notBefore, notAfter }: Dates, own: Dates, now: number): void {
  if (now < notBefore) {
    const code = now < own.notBefore ? "certificate-not-yet-valid" : "certificate-untrusted";
    throw new Refusal(code, "CERT_NOT_YET_VALID");
  }
  if (now > notAfter) {
    const code = now > own.notAfter ? "certificate-expired" : "certificate-untrusted";
    throw new Refusal(code, "CERT_HAS_EXPIRED");
  }
}

function isDate(code: RefusalCode): boolean {
  return code === "certificate-expired" || code === "certificate-not-yet-valid";
}
