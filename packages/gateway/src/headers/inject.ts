/** The second half of every outbound head: what the gateway itself says, and nobody else can. */
import {
  IdentityError,
  writeIdentity,
  type Certificate,
  type Connection,
  type Speech,
} from "@sallyport/identity";
import { Refusal } from "../refuse/refusal.ts";
import { ownCopy } from "./own-copy.ts";

export type Peer = Pick<Connection, "identity" | "chain" | "tls"> & {
  readonly address: string;
  readonly scheme: "http" | "https";
};

export type Speaking = {
  readonly prefix: string;
  /** The name under which the upstream is told where it is mounted; one that no client can send. */
  readonly prefixHeader: string;
  readonly speeches: readonly Speech[];
  /** Octets that the upstream takes as the head of a request. */
  readonly headLimit: number;
  /** The gateway's own certificate, and the secret by which the upstream knows the gateway. */
  readonly server: Certificate | undefined;
  readonly secret: string | undefined;
};

type Prepared = { readonly speaking: Speaking; readonly host: string; readonly lines: string };

/** Octets of every head that are left to the request itself. */
const leftToRequests = 4096;

/** The lines differ only by connection, route and Host: they are made once and kept with the connection's peer. */
const prepared = new WeakMap<Peer, Prepared>();

/**
 * @returns header lines ready for the wire, each with its CRLF
 * @throws Refusal `subject-ambiguous` where a dialect of the route cannot carry the subject soundly, `identity-too-large`
 *   where it would not leave room for the request
 */
export function inject(peer: Peer, speaking: Speaking, host: string): string {
  const held = prepared.get(peer);
  if (held?.speaking === speaking && held.host === host) return held.lines;
  const lines = ownCopy(identityLines(peer, speaking) + forwardedLines(peer, speaking, host));
  prepared.set(peer, { speaking, host: ownCopy(host), lines });
  return lines;
}

function identityLines(
  { identity, chain, tls }: Peer,
  { speeches, server, secret, headLimit }: Speaking,
): string {
  const lines = write({ identity, chain, tls, server, now: Date.now() }, speeches);
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  // What does not fit is refused whole: a part of an identity is another one.
  if (text.length > headLimit - leftToRequests) {
    throw new Refusal(
      "identity-too-large",
      `${text.length} octets of identity for a head of ${headLimit} at most`,
    );
  }
  return secret === undefined ? text : `${text}Sallyport-Secret: ${secret}\r\n`;
}

function write(connection: Connection, speeches: readonly Speech[]): ReturnType<typeof writeIdentity> {
  try {
    return writeIdentity(connection, speeches);
  } catch (error) {
    if (!(error instanceof IdentityError) || error.code !== "subject-ambiguous") throw error;
    throw new Refusal(error.code, error.message);
  }
}

/** Replaced, never appended to: what the client said of itself is gone (RFC 7239 section 8.1). */
function forwardedLines({ address, scheme }: Peer, { prefix, prefixHeader }: Speaking, host: string): string {
  const node = address.includes(":") ? `"[${address}]"` : address;
  return (
    `X-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${scheme}\r\nX-Forwarded-Host: ${host}\r\n` +
    (prefix === "/" ? "" : `${prefixHeader}: ${prefix.slice(0, -1)}\r\n`) +
    `Forwarded: for=${node};host="${host}";proto=${scheme}\r\n`
  );
}
