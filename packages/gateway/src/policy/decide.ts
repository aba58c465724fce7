/** May this peer have this route now? Asked at every request: identity is fixed at the handshake, its right to be here is not. */
import type { ClientIdentity } from "@sallyport/identity";
import { Refusal, type RefusalCode } from "../refuse/refusal.ts";

type Peer = { readonly identity: ClientIdentity; readonly notBefore: number; readonly notAfter: number };

export type Presence = "required" | "optional";

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
]);

/**
 * @param presence whether the route can do without a certificate; a bad one is refused in any case
 * @param now milliseconds since the epoch, from the wall clock
 * @throws Refusal
 */
export function decide(peer: Peer, presence: Presence, now: number): void {
  const { identity } = peer;
  if (identity.verify === "NONE") {
    if (presence === "required") throw new Refusal("certificate-missing");
    return;
  }
  const { certificate } = identity;
  if (identity.verify === "FAILED") {
    const code = codes.get(identity.reason) ?? "certificate-untrusted";
    // An authority of the chain can be out of its dates too: then the person's own dates are not the reason.
    const own = !certificate || !isDate(code) || now < certificate.notBefore || now > certificate.notAfter;
    throw new Refusal(own ? code : "certificate-untrusted", identity.reason);
  }
  if (now < peer.notBefore) {
    const own = now < identity.certificate.notBefore;
    throw new Refusal(own ? "certificate-not-yet-valid" : "certificate-untrusted", "CERT_NOT_YET_VALID");
  }
  if (now > peer.notAfter) {
    const own = now > identity.certificate.notAfter;
    throw new Refusal(own ? "certificate-expired" : "certificate-untrusted", "CERT_HAS_EXPIRED");
  }
}

function isDate(code: RefusalCode): boolean {
  return code === "certificate-expired" || code === "certificate-not-yet-valid";
}
