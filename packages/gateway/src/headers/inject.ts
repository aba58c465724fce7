/** The second half of every outbound head: what the gateway itself says, and nobody else can. */
import { IdentityError, type Certificate, type ClientIdentity, type Dialect } from "@sallyport/identity";
import { Refusal } from "../refuse/refusal.ts";

export type Peer = {
  readonly identity: ClientIdentity;
  readonly address: string;
  readonly scheme: "http" | "https";
};

export type Speaking = {
  readonly prefix: string;
  readonly dialects: readonly Dialect[];
  /** The gateway's own certificate, and the secret by which the upstream knows the gateway. */
  readonly server: Certificate | undefined;
  readonly secret: string | undefined;
};

type Prepared = { readonly speaking: Speaking; readonly host: string; readonly lines: string };

/** The lines differ only by connection, route and Host: they are made once and kept with the connection's peer. */
const prepared = new WeakMap<Peer, Prepared>();

/**
 * @returns header lines ready for the wire, each with its CRLF
 * @throws Refusal `subject-ambiguous` where a dialect of the route cannot carry the subject soundly
 */
export function inject(peer: Peer, speaking: Speaking, host: string): string {
  const held = prepared.get(peer);
  if (held?.speaking === speaking && held.host === host) return held.lines;
  const lines = identityLines(peer, speaking) + forwardedLines(peer, speaking, host);
  prepared.set(peer, { speaking, host, lines });
  return lines;
}

function identityLines({ identity }: Peer, { dialects, server, secret }: Speaking): string {
  try {
    const lines = dialects.flatMap((dialect) => dialect.write(identity, server));
    if (secret !== undefined) lines.push(["Sallyport-Secret", secret]);
    return lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  } catch (error) {
    if (error instanceof IdentityError && error.code === "subject-ambiguous")
      throw new Refusal(error.code, error.message);
    throw error;
  }
}

/** Replaced, never appended to: what the client said of itself is gone (RFC 7239 section 8.1). */
function forwardedLines({ address, scheme }: Peer, { prefix }: Speaking, host: string): string {
  const node = address.includes(":") ? `"[${address}]"` : address;
  return (
    `X-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Host: ${host}\r\n` +
    (prefix === "/" ? "" : `X-Forwarded-Prefix: ${prefix.slice(0, -1)}\r\n`) +
    `Forwarded: for=${node};host="${host}";proto=${scheme}\r\n`
  );
}
