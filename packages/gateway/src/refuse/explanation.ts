/** What a refused person or program is told beyond the sentence: why, with the dates that matter, and what to do next. */
import type { ClientIdentity } from "@sallyport/identity";
import { longDate } from "../pages/certificate-fields.ts";
import type { Refusal, RefusalCode } from "./refusal.ts";

export type Explanation = {
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: why, or what the accepted thing would be. */
  readonly why: string;
  /** Steps for a person, in order; none where only an operator can do something. */
  readonly steps: readonly string[];
  /** One line for a program's author. */
  readonly hint: string;
};

type Known = {
  readonly detail: string;
  readonly identity: ClientIdentity;
  readonly authorities: readonly string[];
};
type Words = { readonly [Part in keyof Explanation]?: Explanation[Part] | undefined };

const importSteps = [
  "Import the certificate file you were given (it ends in .p12) into your system's or browser's certificate store.",
  "Close every window of the browser, open it again, and come back to this page.",
  "When the browser asks which certificate to use, pick the one with your name.",
];
const pickSteps = [
  "Close every window of the browser and open it again.",
  "When it asks for a certificate, pick another one.",
];
const askSteps = ["Ask whoever gave you your certificate for a new one.", ...importSteps];
const curlHint = "curl --cert FILE.pem --cacert ROOT.pem ...";

/** What is wrong with a request is told to the one who made it: it holds nothing that the client did not send. */
const ownFault = ({ detail }: Known): Words => ({
  why: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`,
});

const words: Partial<Record<RefusalCode, (known: Known) => Words>> = {
  "certificate-missing": ({ authorities }) => ({
    why: acceptedFrom(authorities),
    steps: importSteps,
    hint: curlHint,
  }),
  "certificate-expired": ({ identity }) => ({
    what: dated(identity, "notAfter", (date) => `Your certificate ended on ${date}.`),
    why: "A certificate that has ended is not accepted any more.",
    steps: askSteps,
    hint: "renew the client certificate, then curl --cert NEW.pem ...",
  }),
  "certificate-not-yet-valid": ({ identity }) => ({
    what: dated(identity, "notBefore", (date) => `Your certificate begins on ${date}.`),
    why: "Until then it is not accepted.",
    steps: [
      "Check the date and time of your computer.",
      "If they are right, come back when the certificate has begun.",
    ],
    hint: "check the clock of the machine that issued the certificate",
  }),
  "certificate-untrusted": ({ detail, authorities }) => ({
    why:
      detail === "CERT_HAS_EXPIRED"
        ? "An authority above your certificate has ended."
        : acceptedFrom(authorities),
    steps: pickSteps,
    hint: curlHint,
  }),
  "certificate-wrong-purpose": () => ({
    why: "Its extended key usage does not include client authentication.",
    steps: pickSteps,
    hint: "use a certificate with extendedKeyUsage clientAuth",
  }),
  "certificate-too-deep": () => ({
    why: "The chain from your certificate to its root is longer than this site allows.",
    steps: askSteps,
    hint: "the operator can raise clients.depth",
  }),
  "certificate-malformed": () => ({
    why: "Its contents are not well-formed.",
    steps: askSteps,
    hint: "openssl x509 -in FILE -text",
  }),
  "subject-ambiguous": () => ({
    why: "It holds characters, or more or fewer names, that the application could take for somebody else's name.",
    steps: ["Ask whoever runs this site; tell them the number below."],
    hint: "the operator can give the route the dialect ssl-client, which carries every subject",
  }),
  "identity-too-large": () => ({
    why: "What would be left out might be what tells you from somebody else.",
    steps: ["Ask whoever runs this site; tell them the number below."],
    hint: "the operator can choose fewer variables, or raise the route's headLimit",
  }),
  "not-found": () => ({
    why: "The address may have been mistyped.",
    hint: "check the path, capital letters included",
  }),
  "target-invalid": ownFault,
  "host-invalid": ownFault,
  "request-malformed": ownFault,
  "head-too-large": ownFault,
  "transfer-coding-unsupported": ownFault,
  "upstream-unreachable": () => ({
    why: "It may be starting or under maintenance.",
    steps: ["Try again in a minute."],
    hint: "try again later",
  }),
  "upstream-busy": () => ({
    why: "It has more requests than it can take.",
    steps: ["Try again in a minute."],
    hint: "retry after the time in Retry-After",
  }),
  "upstream-timeout": () => ({
    why: "It has been given 30 seconds.",
    steps: ["Try again in a minute."],
    hint: "try again later",
  }),
};

/** @param authorities the CNs of the authorities that are accepted here */
export function explain(
  refusal: Refusal,
  identity: ClientIdentity,
  authorities: readonly string[],
): Explanation {
  const { detail } = refusal;
  const {
    what,
    why = "",
    steps = [],
    hint = "",
  } = words[refusal.code]?.({ detail, identity, authorities }) ?? {};
  return { what: what ?? refusal.message, why, steps, hint };
}

function acceptedFrom(authorities: readonly string[]): string {
  return authorities.length === 0 ? "" : `This site accepts certificates from ${authorities.join("; ")}.`;
}

function dated(
  identity: ClientIdentity,
  edge: "notBefore" | "notAfter",
  sentence: (date: string) => string,
): string | undefined {
  const certificate = identity.verify === "NONE" ? undefined : identity.certificate;
  return certificate && sentence(longDate(certificate[edge]));
}
