/**
 * Why a TLS handshake failed, as one word for the metrics and one line for the log. The codes are those that OpenSSL 3.5
 * in Node 24 was seen to give; handshake-failure.test.ts makes each of them happen.
 */
import type { TLSSocket } from "node:tls";

/** The whole list: a metric's label must not be made by a client. */
export const handshakeFailureReasons = [
  "no-shared-cipher", // nor a signature algorithm
  "no-shared-alpn",
  "protocol-version",
  "curve", // none in common, or a certificate on one that is not spoken
  "no-certificate", // where a listener demands one in the handshake
  "certificate-refused", // by us, in the handshake
  "bad-certificate", // cannot be read by OpenSSL
  "bad-certificate-signature", // the client did not prove that it holds the key
  "bad-record", // TLS, and wrong
  "client-alert", // the client gave up: usually it does not know who issued our certificate
  "plain-http",
  "not-tls", // something else from the first octet on
  "timeout",
  "reset", // the client left
  "other",
] as const;
export type HandshakeFailureReason = (typeof handshakeFailureReasons)[number];

export type HandshakeFailure = {
  readonly reason: HandshakeFailureReason;
  /** For the log: one line of printable ASCII. */
  readonly detail: string;
};

/** OpenSSL's reason, or the system's error. */
const reasons: Readonly<Record<string, HandshakeFailureReason>> = {
  ERR_SSL_NO_SHARED_CIPHER: "no-shared-cipher",
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: "no-shared-cipher",
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: "no-shared-cipher",
  ERR_SSL_NO_APPLICATION_PROTOCOL: "no-shared-alpn",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "protocol-version",
  ERR_SSL_VERSION_TOO_LOW: "protocol-version",
  ERR_SSL_VERSION_TOO_HIGH: "protocol-version",
  ERR_SSL_WRONG_SSL_VERSION: "protocol-version",
  ERR_SSL_INAPPROPRIATE_FALLBACK: "protocol-version",
  ERR_SSL_WRONG_CURVE: "curve",
  ERR_SSL_NO_SUITABLE_KEY_SHARE: "curve",
  ERR_SSL_NO_SUITABLE_GROUPS: "curve",
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: "no-certificate",
  ERR_SSL_BAD_SIGNATURE: "bad-certificate-signature",
  ERR_SSL_PROVIDER_SIGNATURE_FAILURE: "bad-certificate-signature",
  ERR_SSL_HTTP_REQUEST: "plain-http",
  ERR_SSL_HTTPS_PROXY_REQUEST: "plain-http",
  ERR_SSL_WRONG_VERSION_NUMBER: "not-tls",
  ERR_TLS_HANDSHAKE_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
};

/** Which of OpenSSL's libraries complained, where its reasons are too many to list. */
const libraries: Readonly<Record<string, HandshakeFailureReason>> = {
  "SSL routines": "bad-record",
  "Provider routines": "bad-record",
  "rsa routines": "bad-certificate-signature",
  "digital envelope routines": "bad-certificate",
  "asn1 encoding routines": "bad-certificate",
  "x509 certificate routines": "bad-certificate",
  "elliptic curve routines": "bad-certificate",
};

/** What OpenSSL adds to an error, see `openssl errstr`: `THREAD:error:CODE:LIBRARY:FUNCTION:REASON:FILE:LINE:DATA`. */
const openSsl = /^[0-9A-F]+:error:[0-9A-F]{8}:(?<library>[^:]*):[^:]*:(?<what>[^:]*):/;

/**
 * @param error of the event tlsClientError
 * @param socket of the same event: it tells a client that was turned away from one that left
 */
export function handshakeFailure(
  error: NodeJS.ErrnoException,
  socket?: Pick<TLSSocket, "authorizationError">,
): HandshakeFailure {
  // Node closes the connection without an error, and leaves OpenSSL's code here, which its types call an Error.
  const refused: unknown = socket?.authorizationError;
  if (typeof refused === "string") return { reason: "certificate-refused", detail: clean(refused) };
  const { library = "", what = error.message } = openSsl.exec(error.message)?.groups ?? {};
  const code = error.code ?? "";
  const reason = code.includes("_ALERT_") ? "client-alert" : (reasons[code] ?? libraries[library] ?? "other");
  return { reason, detail: clean(what) };
}

function clean(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, 200);
}
