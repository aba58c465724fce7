/** Why an identity could not be written or read. Codes are stable: tests, logs and backends match them, never the sentences. */
export type IdentityErrorCode =
  | "certificate-malformed"
  | "name-malformed"
  | "subject-ambiguous"
  | "subject-missing"
  | "subject-repeated"
  | "verification-missing"
  | "verification-failed"
  /** The headers name somebody else than the certificate beside them. */
  | "certificate-mismatch"
  | "common-name-missing"
  | "common-name-repeated";

/** The one kind of error this package throws on purpose. `message` is a sentence for the operator, not for the client. */
export class IdentityError extends Error {
  readonly code: IdentityErrorCode;
  constructor(code: IdentityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "IdentityError";
    this.code = code;
  }
}
