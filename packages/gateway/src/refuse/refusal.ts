/** The one way to say no. */

/** Code -> status and the sentence everybody may read. docs/errors.md says what to do about each; codes never change meaning. */
export const refusals = {
  "certificate-missing": [403, "This site asks for a client certificate, and none was sent."],
  "certificate-expired": [403, "Your certificate has ended."],
  "certificate-not-yet-valid": [403, "Your certificate is not valid yet."],
  "certificate-untrusted": [403, "Your certificate was not issued by an authority that this site accepts."],
  "certificate-wrong-purpose": [403, "Your certificate is not meant for signing in as a client."],
  "certificate-too-deep": [
    403,
    "Too many authorities stand between your certificate and the one that this site accepts.",
  ],
  "certificate-revoked": [403, "Your certificate has been revoked."],
  "certificate-weak-key": [403, "Your certificate is too weak to be relied on."],
  "certificate-malformed": [403, "Your certificate cannot be read."],
  "subject-ambiguous": [
    403,
    "The name in your certificate cannot be told to this application without doubt.",
  ],
  "identity-too-large": [403, "Your certificate holds more than this application can be told."],
  "not-allowed": [403, "You are known here, but this address is not open to you."],
  "not-found": [404, "There is nothing at this address."],
  "method-not-allowed": [405, "This method is not allowed here."],
  "request-timeout": [408, "The request did not arrive in time."],
  "content-too-large": [413, "The request's content is larger than is taken here."],
  "expectation-failed": [417, "The only expectation that can be met here is 100-continue."],
  "target-invalid": [400, "The address in the request is not one that can be passed on safely."],
  "host-invalid": [400, "The request must name exactly one valid Host."],
  "request-malformed": [400, "The request is not valid HTTP/1.1."],
  "upgrade-unsupported": [
    400,
    "The only upgrade possible here is a WebSocket, asked for by GET without a body.",
  ],
  "misdirected-request": [421, "This connection was made for another site."],
  "tls-required": [400, "This port speaks HTTPS, and the request came as plain HTTP."],
  "head-too-large": [431, "The request's header is too large."],
  "transfer-coding-unsupported": [501, "The only transfer coding understood here is chunked."],
  "upstream-unreachable": [502, "The application behind this address is not running."],
  "upstream-invalid": [502, "The application behind this address gave an answer that cannot be passed on."],
  "revocation-unavailable": [
    503,
    "This site cannot find out right now whether your certificate still holds.",
  ],
  "gateway-busy": [503, "This site has as many visitors as it can take."],
  "shutting-down": [503, "This site is being restarted."],
  "upstream-busy": [503, "The application behind this address is busy."],
  "upstream-timeout": [504, "The application behind this address did not answer in time."],
  "internal-error": [500, "Something went wrong in the gateway itself."],
} as const satisfies Record<string, readonly [status: number, sentence: string]>;

export type RefusalCode = keyof typeof refusals;

/**
 * A request that is not going to be forwarded, or whose answer is not going to be passed on. Expected, hence without a
 * stack. `detail` is for the operator's log alone: it may name things that the client must not learn.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly detail: string;
  /** Header lines of the answer in place of those that its code has always, names and values in turn. */
  readonly lines: readonly string[] | undefined;
  constructor(code: RefusalCode, detail = "", lines?: readonly string[]) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(refusals[code][1]);
    Error.stackTraceLimit = limit;
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
    this.lines = lines;
  }
  get status(): number {
    return refusals[this.code][0];
  }
}
