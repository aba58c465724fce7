/** One way of telling a backend who the client is. A dialect is a pair of pure functions over the same header names. */
import type { Certificate } from "../certificate.ts";
import type { ClientIdentity } from "../client-identity.ts";
import type { DistinguishedName } from "../distinguished-name.ts";

/** A header line as `[name, value]`. Values are pure ASCII without controls: safe to write to a socket as they are. */
export type HeaderLine = readonly [name: string, value: string];

/** What a backend may believe of a request. */
export type AssertedIdentity = {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName | undefined;
};

export type Dialect = {
  readonly name: string;
  /** Every name this dialect can write. All of them, in every spelling that folds alike, are reserved for the gateway. */
  readonly headerNames: readonly string[];
  /**
   * @param server the gateway's own certificate on this connection; `undefined` without TLS
   * @throws IdentityError `subject-ambiguous` when a reader of this dialect could take the subject for another one
   */
  readonly write: (identity: ClientIdentity, server: Certificate | undefined) => HeaderLine[];
  /**
   * Reads what {@link write} wrote. It proves nothing by itself: the caller must know that the request came from the
   * gateway, and hand over the lines as they arrived, duplicates and odd spellings included.
   * @returns `undefined` for an anonymous client: verification said NONE, and no subject is there
   * @throws IdentityError on anything else that is not exactly one verified subject
   */
  readonly read: (lines: readonly HeaderLine[]) => AssertedIdentity | undefined;
};
