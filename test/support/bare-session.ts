/**
 * A TLS session as a hostile client keeps it. Node's own client writes the server's name in front of the session, and
 * offers it to nobody else; what OpenSSL resumes is the SSL_SESSION behind it, under any name.
 */
export function bareSession(session: Buffer | undefined): Buffer {
  const start = session?.indexOf(Buffer.of(0x30, 0x82)) ?? -1;
  if (session === undefined || start < 0) throw new Error("no session to resume");
  return session.subarray(start);
}
