/** What a refused person or program is told beyond the sentence: why, with the dates and names that matter, and what to do next. */
import type { Certificate } from "@sallyport/identity";
import { longDate, longTime } from "../pages/date.ts";
import { acceptedFrom, issuedBy } from "./authority-sentences.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";
import type { RemedyName } from "./remedies.ts";
import { date, say, type Sentence } from "./sentence.ts";
import type { Visitor } from "./visitor.ts";
import { weakness } from "./weakness.ts";

export type Explanation = {
  /** What happened. */
  readonly what: Sentence;
  /** Why, or what the accepted thing would be. */
  readonly why: readonly Sentence[];
  /** More of the why, with names out of the visitor's own certificate: for the page alone. */
  readonly yours: readonly Sentence[];
  /** What a person does about it. */
  readonly remedy: RemedyName;
  /** One line for a program's author; can be empty. */
  readonly hint: string;
  /** Whether the accepted authorities are the answer to it. */
  readonly accepted: boolean;
};

type Case = Omit<Visitor, "identity"> & {
  readonly detail: string;
  /** The certificate that was presented, believed or not. */
  readonly certificate: Certificate | undefined;
};
type Words = { readonly [Part in keyof Explanation]?: Explanation[Part] | undefined };

const curlHint = "curl --cert FILE.pem --key FILE.key ... (of a .p12 file: --cert-type P12 --cert FILE.p12)";
const newHint = "ask for a new certificate, then curl --cert NEW.pem --key NEW.key ...";
const busy: Words = { remedy: "retry", hint: "try again later" };

/** What is wrong with a request is told to the one who made it: it holds nothing that the client did not send. */
const ownFault = ({ detail }: Case): Words => ({
  why: detail === "" ? [] : [[`${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`]],
});

const words: Partial<Record<RefusalCode, (known: Case) => Words>> = {
  "certificate-missing": ({ authorities }) => ({
    why: [
      say`Either none is installed here, or the question for it was cancelled.`,
      ...acceptedFrom(authorities),
    ],
    remedy: "import",
    hint: curlHint,
    accepted: true,
  }),
  "certificate-expired": ({ certificate, now }) => ({
    what: certificate && say`Your certificate ended on ${near(certificate.notAfter, now)}.`,
    why: [say`It has to be replaced by a new one.`],
    remedy: "renew",
    hint: newHint,
  }),
  "certificate-not-yet-valid": ({ certificate, now }) => ({
    what: certificate && say`Your certificate begins on ${near(certificate.notBefore, now)}.`,
    why: [say`By the clock of this site it is ${date(now, longTime(now))} now.`],
    remedy: "wait",
    hint: "compare the clocks of this client, of the authority that issued the certificate, and of the site",
  }),
  "certificate-untrusted": ({ detail, certificate, authorities }) =>
    detail === "CERT_HAS_EXPIRED" || detail === "CERT_NOT_YET_VALID"
      ? {
          why: [say`An authority between your certificate and this site is out of its dates.`],
          remedy: "ask",
          hint: "the authorities above the certificate need renewal, not the certificate",
        }
      : {
          why: acceptedFrom(authorities),
          yours: issuedBy(certificate),
          remedy: "choose",
          hint: curlHint,
          accepted: true,
        },
  "certificate-wrong-purpose": () => ({
    why: [say`It was issued for another purpose, such as being a server.`],
    remedy: "choose",
    hint: "use a certificate whose extendedKeyUsage holds clientAuth",
  }),
  "certificate-too-deep": () => ({
    why: [say`The chain from your certificate to its root is longer than this site allows.`],
    remedy: "ask",
    hint: "the operator can raise clients.depth",
  }),
  "certificate-revoked": () => ({
    why: [say`It, or the authority that issued it, was withdrawn before its end.`],
    remedy: "renew",
    hint: newHint,
  }),
  "certificate-weak-key": ({ detail, certificate }) => ({
    why: [[weakness(detail, certificate)]],
    remedy: "renew",
    hint: "ask for a certificate with an RSA key of 2048 bits or more or a P-256 key, signed by way of SHA-256",
  }),
  "certificate-malformed": () => ({
    why: [say`Its contents are not well-formed.`],
    remedy: "renew",
    hint: "look at it with: openssl x509 -in FILE.pem -noout -text",
  }),
  "subject-ambiguous": () => ({
    why: [
      say`It holds characters, or more or fewer names, that the application could take for somebody else's name.`,
    ],
    remedy: "ask",
    hint: "the operator can give the route the dialect ssl-client, which carries every subject",
  }),
  "identity-too-large": () => ({
    why: [say`What would be left out might be what tells you from somebody else.`],
    remedy: "ask",
    hint: "the operator can choose fewer variables, or raise the route's headLimit",
  }),
  "not-allowed": () => ({
    why: [say`Your certificate is in order, but the rules of this site do not open this address to it.`],
    remedy: "permission",
    hint: "use another certificate, or ask the operator for a rule that allows this one",
  }),
  "revocation-unavailable": () => ({
    why: [
      say`This is our fault and not yours: the list of withdrawn certificates is out of reach or out of date.`,
    ],
    remedy: "retry",
    hint: "try again after the time in Retry-After",
  }),
  "misdirected-request": () => ({
    why: [say`Your browser used a connection that it had opened to another name on this server.`],
    remedy: "reconnect",
    hint: "open a new connection whose TLS server name (SNI) is the name in Host",
  }),
  "tls-required": () => ({
    why: [say`Nothing was passed on, and nothing that you sent was protected.`],
    remedy: "secure",
    hint: "write https:// in place of http://",
  }),
  "not-found": () => ({
    why: [say`The address may have been mistyped.`],
    hint: "check the path, capital letters included",
  }),
  "head-too-large": (known) => ({
    ...ownFault(known),
    remedy: "lighten",
    hint: "send fewer or smaller cookies",
  }),
  "target-invalid": ownFault,
  "host-invalid": ownFault,
  "request-malformed": ownFault,
  "transfer-coding-unsupported": ownFault,
  "content-too-large": (known) => ({ ...ownFault(known), hint: "send less at a time" }),
  "request-timeout": () => busy,
  "upstream-unreachable": () => ({ ...busy, why: [say`It may be starting or under maintenance.`] }),
  "upstream-invalid": () => ({
    ...busy,
    why: [say`The fault is in the application and not in your request.`],
  }),
  "gateway-busy": () => ({
    ...busy,
    why: [say`This is our fault and not yours, and it passes as soon as others leave.`],
    hint: "try again after the time in Retry-After",
  }),
  "shutting-down": () => ({
    ...busy,
    why: [say`It was asked to stop, and did not wait any longer for what was under way.`],
    hint: "try again after the time in Retry-After",
  }),
  "upstream-busy": () => ({
    ...busy,
    why: [say`It has more requests than it can take.`],
    hint: "try again after the time in Retry-After",
  }),
  "upstream-timeout": () => ({ ...busy, why: [say`It may have too much to do.`] }),
  "internal-error": () => ({
    ...busy,
    why: [say`This is our fault and not yours, and it has been written down.`],
  }),
};

export function explain(refusal: Refusal, { identity, ...known }: Visitor): Explanation {
  const certificate = identity.verify === "NONE" ? undefined : identity.certificate;
  const found = words[refusal.code]?.({ ...known, detail: refusal.detail, certificate }) ?? {};
  return {
    what: found.what ?? [refusal.message],
    why: found.why ?? [],
    yours: found.yours ?? [],
    remedy: found.remedy ?? "none",
    hint: found.hint ?? "",
    accepted: found.accepted ?? false,
  };
}

const day = 24 * 60 * 60 * 1000;

/** An instant, to the minute where a day more or less would leave the reader in doubt. */
function near(instant: number, now: number): Sentence {
  return date(instant, Math.abs(instant - now) < 2 * day ? longTime(instant) : longDate(instant));
}
