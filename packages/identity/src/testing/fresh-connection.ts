/** What TLS tells of a connection that is as ordinary as can be: a full handshake of TLS 1.3, asked for by name. */
import type { TlsFacts } from "../dialects/dialect.ts";

export const freshConnection: TlsFacts = {
  protocol: "TLSv1.3",
  cipher: "TLS_AES_256_GCM_SHA384",
  serverName: "flask.local",
  sessionId: undefined,
  resumed: false,
};
