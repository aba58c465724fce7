/** Who is asking. */

/** A person with an account here, and what has just proved that it is this person. */
export type SignedIn = {
  /** The account: `users.id`. */
  readonly id: number;
  /** To show. May hold any character, and may be somebody else's name as well: never decide by it. */
  readonly name: string;
  /** `certificate`: on this very request, by the gateway. `password`: when the session began. `token`: a Bearer token. */
  readonly by: "certificate" | "password" | "token";
  /** What the certificate says, when it was one. */
  readonly certificate?: CertificateFacts;
};

export type CertificateFacts = {
  /** The whole subject as RFC 4514 text in ASCII, where the dialect carries it. */
  readonly subject: string | undefined;
  /** The issuer in the same form, where the dialect carries it. */
  readonly issuer: string | undefined;
  /** When it ends, in milliseconds since 1970, where the dialect carries the whole certificate. */
  readonly notAfter: number | undefined;
  /** The e-mail addresses, where the dialect carries them. */
  readonly emails: readonly string[];
};

declare global {
  // Express offers no other way to say what `request.user` is.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    // eslint-disable-next-line @typescript-eslint/consistent-type-definitions, @typescript-eslint/no-empty-object-type
    interface User extends SignedIn {}
  }
}
