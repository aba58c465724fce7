/** What one TLS connection has proved about its client. Everything a backend is told derives from this value and from nothing else. */
import type { Certificate } from "./certificate.ts";

/** Who is on the other end, as far as that is proved: the verdict, and what it is about. */
export type ClientIdentity =
  /** The certificate was verified: chain, signature, purpose and dates hold, and the client proved that it has the key. */
  | { readonly verify: "SUCCESS"; readonly certificate: Certificate }
  /** No certificate was presented. Anonymous, which is not the same as refused. */
  | { readonly verify: "NONE" }
  /**
   * A certificate was presented and not believed. `reason` is OpenSSL's or our own word for why. The certificate's
   * fields are there for the log and for the person who presented it: no dialect ever writes them.
   */
  | { readonly verify: "FAILED"; readonly reason: string; readonly certificate: Certificate | undefined };

/** The client that presented no certificate. */
export const anonymous: ClientIdentity = { verify: "NONE" };
