/** What a TLS socket tells of itself, for the dialects that speak of it. */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { TlsFacts } from "@sallyport/identity";

export function tlsFactsOf(socket: TLSSocket): TlsFacts {
  return {
    protocol: socket.getProtocol() ?? "UNKNOWN",
    cipher: socket.getCipher().name,
    serverName: serverNameOf(socket),
    // Few dialects ask, and the session has to be serialised for it.
    get sessionId() {
      return sessionIdOf(socket.getSession());
    },
    resumed: socket.isSessionReused(),
  };
}

/** The name that the client asked for in its handshake (SNI). Node says false, or an empty text, where there is none, in spite of its types. */
export function serverNameOf(socket: Socket): string | undefined {
  const name: unknown = socket instanceof TLSSocket ? socket.servername : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** SSL_SESSION as OpenSSL serialises it: SEQUENCE { version, protocol, cipher OCTET STRING, session id OCTET STRING, ... } */
function sessionIdOf(session: Buffer | undefined): string | undefined {
  let at = session?.[1] === 0x82 ? 4 : session?.[1] === 0x81 ? 3 : 2;
  for (let field = 0; session !== undefined && field < 3; field += 1) at += 2 + (session[at + 1] ?? 0);
  const length = session?.[at + 1] ?? 0;
  if (session?.[at] !== 0x04 || length === 0 || length > 32) return undefined;
  return session.subarray(at + 2, at + 2 + length).toString("hex");
}
