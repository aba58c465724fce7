/**
 * The header of the PROXY protocol, version 2, by which a balancer of TCP connections says whose connection it passes on
 * (HAProxy's doc/proxy-protocol.txt, section 2.2). Read strictly: what is not exactly such a header is none, and nothing
 * is guessed.
 */
import { SocketAddress } from "node:net";

export type ProxyHeader = {
  /** Octets: what follows is the client's. */
  readonly length: number;
  /** The client's; `undefined` where the connection is the balancer's own, or it does not know whose it is. */
  readonly address: string | undefined;
};

/** There is no header that can be believed. The message goes on behind "the connection ". */
export class ProxyHeaderError extends Error {}

const signature = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");
const fixed = 16;
/** Octets: addresses, and what a balancer tells besides, such as the certificate of a client whose TLS ended there. */
const largest = 4_096;

const commands = { local: 0x20, proxy: 0x21 };
/** The second octet of family and transport: how long both addresses and ports are, and how one address is printed. */
const families: Readonly<
  Record<number, { readonly octets: number; readonly print: (octets: Buffer) => string }>
> = {
  0x11: { octets: 12, print: (octets) => octets.subarray(0, 4).join(".") },
  0x21: { octets: 36, print: (octets) => ipv6(octets.subarray(0, 16)) },
};
const unspecified = 0x00;

/**
 * @param octets all that has come so far
 * @returns `undefined` while more has to come first
 * @throws ProxyHeaderError as soon as it can be none
 */
export function readProxyHeader(octets: Buffer): ProxyHeader | undefined {
  const seen = Math.min(octets.length, signature.length);
  if (octets.compare(signature, 0, seen, 0, seen) !== 0) throw new ProxyHeaderError(whatElse(octets));
  const command = octets[12];
  if (command === undefined) return undefined;
  if (command !== commands.local && command !== commands.proxy)
    throw new ProxyHeaderError(
      `has a PROXY header with version and command 0x${hex(command)}, which is not known`,
    );
  if (octets.length < fixed) return undefined;
  const length = octets.readUInt16BE(14);
  if (length > largest)
    throw new ProxyHeaderError(`has a PROXY header of ${length} octets, more than ${largest}`);
  if (octets.length < fixed + length) return undefined;
  const block = octets.subarray(fixed, fixed + length);
  // Of a connection of the balancer's own (its health check) the rest means nothing, and is skipped.
  const address = command === commands.local ? undefined : sourceOf(octets[13] ?? 0, block);
  return { length: fixed + length, address };
}

function sourceOf(family: number, block: Buffer): string | undefined {
  if (family === unspecified) return undefined;
  const known = families[family];
  if (known === undefined)
    throw new ProxyHeaderError(`is said to be of family 0x${hex(family)}, and not TCP over IPv4 or IPv6`);
  if (block.length < known.octets)
    throw new ProxyHeaderError(
      `has a PROXY header whose addresses end after ${block.length} of ${known.octets} octets`,
    );
  skipExtensions(block.subarray(known.octets));
  return known.print(block);
}

/** Type, length and value, again and again: whoever writes lengths that do not fit may have written anything. */
function skipExtensions(octets: Buffer): void {
  let at = 0;
  while (at < octets.length) {
    const end = at + 3 <= octets.length ? at + 3 + octets.readUInt16BE(at + 1) : Infinity;
    if (end > octets.length)
      throw new ProxyHeaderError("has a PROXY header with an extension longer than itself");
    at = end;
  }
}

function whatElse(octets: Buffer): string {
  return octets.toString("latin1", 0, 6) === "PROXY "
    ? "has a PROXY header of version 1; only version 2 is read (HAProxy: send-proxy-v2)"
    : "does not begin with a PROXY header";
}

function ipv6(octets: Buffer): string {
  const address = Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(2 * at).toString(16)).join(":");
  return new SocketAddress({ address, family: "ipv6" }).address;
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0");
}
