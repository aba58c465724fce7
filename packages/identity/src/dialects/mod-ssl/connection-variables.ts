/** What mod_ssl says of the TLS connection. */
import type { Connection, TlsFacts } from "../dialect.ts";
import { cipherBits } from "./cipher-bits.ts";
import type { Variable } from "./variable.ts";

const single = (name: string, print: (tls: TlsFacts) => string | undefined): Variable => ({
  name,
  numbering: "none",
  read: ({ tls }: Connection) => [() => tls && print(tls)],
});

/** RFC 6066 section 3 has ASCII here. The client chooses it, and what is no host name is nothing to pass on. */
const hostName = /^[A-Za-z0-9._-]+$/;

export const connectionVariables: readonly Variable[] = [
  single("SSL_PROTOCOL", ({ protocol }) => protocol),
  single("SSL_CIPHER", ({ cipher }) => cipher),
  single("SSL_CIPHER_USEKEYSIZE", ({ cipher }) => cipherBits(cipher)?.used.toString()),
  single("SSL_CIPHER_ALGKEYSIZE", ({ cipher }) => cipherBits(cipher)?.algorithm.toString()),
  single("SSL_TLS_SNI", ({ serverName = "" }) => (hostName.test(serverName) ? serverName : undefined)),
  single("SSL_SESSION_ID", ({ sessionId }) => sessionId),
  single("SSL_SESSION_RESUMED", ({ resumed }) => (resumed ? "Resumed" : "Initial")),
];
