/** One way of telling a backend who the client is. A dialect is a pair of pure functions over the same header names. */
import type { Certificate } from "../certificate.ts";
import type { ClientIdentity } from "../client-identity.ts";
import type { DistinguishedName } from "../distinguished-name.ts";

/** A header line as `[name, value]`. */
export type HeaderLine = readonly [name: string, value: string];

/** What is known of the TLS connection itself. */
export type TlsFacts = {
  readonly protocol: string;
  /** OpenSSL's name: `TLS_AES_256_GCM_SHA384`, `ECDHE-RSA-AES256-GCM-SHA384`. */
  readonly cipher: string;
  /** The name that the client asked for (SNI); `undefined` when it did not. */
  readonly serverName: string | undefined;
  /** Lower-case hex; `undefined` where the library does not tell. */
  readonly sessionId: string | undefined;
  readonly resumed: boolean;
};

/** Everything a dialect may speak of. All of it has been proved, except what {@link ClientIdentity} says of a FAILED one. */
export type Connection = {
  readonly identity: ClientIdentity;
  /** The authorities between the client's certificate and the root, nearest first, as far as the client sent them. */
  readonly chain: readonly Certificate[];
  /** The gateway's own certificate; `undefined` without TLS. */
  readonly server: Certificate | undefined;
  readonly tls: TlsFacts | undefined;
  /** When this is written, milliseconds since the epoch. */
  readonly now: number;
};

/** What a route asks of a dialect. */
export type WriteOptions = {
  /** The variables a route asked for, of those the dialect has; `undefined`: the dialect's usual ones. */
  readonly variables?: readonly string[] | undefined;
};

/** What a backend may believe of a request. A dialect fills in what it carries; at least one of subject, certificate, user. */
export type AssertedIdentity = {
  readonly subject: DistinguishedName | undefined;
  readonly issuer: DistinguishedName | undefined;
  /** The whole certificate, where the dialect carries it: the best of all answers. */
  readonly certificate: Certificate | undefined;
  readonly emails: readonly string[];
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  readonly upns: readonly string[];
  /** Lower-case hex of the SHA-256 of the certificate's DER. */
  readonly sha256: string | undefined;
  /** The user's name, in dialects that carry a name and nothing else. */
  readonly user: string | undefined;
};

/** What a system tells its backends about the client, written and read. */
export type Dialect = {
  readonly name: string;
  /** Every fixed name this dialect can write. All of them, in every spelling that folds alike, are reserved for the gateway. */
  readonly headerNames: readonly string[];
  /** Folded beginnings of its numbered or open-ended names (`ssl_client_`): reserved as families. */
  readonly headerFamilies: readonly string[];
  /** The variables that a route may ask for by name; `undefined` where there is nothing to choose. */
  readonly variables: readonly string[] | undefined;
  /**
   * What is absent is left out; nothing is ever cut short. Values hold neither CR, LF, NUL nor other controls, and only
   * characters up to U+00FF, each standing for one octet on the wire (UTF-8 where the dialect has non-ASCII text).
   * Only a SUCCESS ever writes anything about the client beyond the verdict.
   * @throws IdentityError `subject-ambiguous` when a reader of this dialect could take the subject for another one
   */
  readonly write: (connection: Connection, options?: WriteOptions) => HeaderLine[];
  /**
   * Reads what {@link write} wrote. It proves nothing by itself: the caller must know that the request came from the
   * gateway, and hand over the lines as they arrived, duplicates and odd spellings included.
   * @returns `undefined` for an anonymous client: the dialect's way of saying that there was no certificate
   * @throws IdentityError on anything else that is not exactly one verified subject
   */
  readonly read: (lines: readonly HeaderLine[]) => AssertedIdentity | undefined;
};
