/**
 * What every source of revocation is: a CRL, an OCSP responder, a deny list. One file per kind, and one contract suite
 * that each of them runs (testing/source-contract.ts).
 */
import type { Certificate } from "@sallyport/identity";

/** A certificate and the authority that signed it. The signature has been proved. */
export type Link = { readonly certificate: Certificate; readonly issuer: Certificate };

/** What a source says of one certificate. */
export type Standing = {
  /** `unknown`: the source covers this certificate and cannot tell, or should cover it and does not. Never a guess. */
  readonly status: "good" | "revoked" | "unknown";
  /** For the operator's log: which list or responder said so and when, or why nothing is known. */
  readonly detail: string;
  /** The instant from which the source has to be asked again, milliseconds since the epoch; `Infinity`: when it has changed. */
  readonly until: number;
};

/** How a source is, for the log and the metrics. One for each list or responder it consists of. */
export type SourceState = {
  /** `crl revoked.crl`, `ocsp http://ocsp.example/`, `denyList denied.yaml`. */
  readonly name: string;
  readonly entries?: number;
  /** Of what a list holds: another gateway that holds the same says the same. */
  readonly digest?: string;
  /** Milliseconds since the epoch. */
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  /** Why what is held is not the newest there is; `undefined` when all is well. */
  readonly problem: string | undefined;
};

export type Source = {
  /**
   * At once where it is known already; a promise where somebody has to be asked first. Never throws, never rejects:
   * what goes wrong is `unknown`.
   * @param now milliseconds since the epoch
   */
  readonly check: (link: Link, now: number) => Standing | Promise<Standing>;
  /** Looks at its files again. What is broken changes nothing: the last good state stays, with a warning. Never rejects. */
  readonly refresh: () => Promise<void>;
  readonly states: () => readonly SourceState[];
  readonly close: () => void;
};

/** What a source tells while it runs. */
export type SourceEvents = {
  /** Answers given so far may not hold any more: everybody is looked at anew. */
  readonly changed: () => void;
  readonly warning: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

/** A source cannot be opened. `what` names the file and what was found, `next` is what to do or type. */
export class SourceError extends Error {
  readonly next: string;

  constructor(what: string, next: string) {
    super(what);
    this.name = "SourceError";
    this.next = next;
  }
}
