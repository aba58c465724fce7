/** TLS socket -> Peer: who is at the other end, found out once per connection. */
import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import {
  anonymous,
  readCertificate,
  type Certificate,
  type ClientIdentity,
  type TlsFacts,
} from "@sallyport/identity";
import { tlsFactsOf } from "./tls-facts.ts";

export type Peer = {
  readonly identity: ClientIdentity;
  /** The authorities between a verified certificate and its root, nearest first. */
  readonly chain: readonly Certificate[];
  /** What is known of the TLS connection; `undefined` without TLS. */
  readonly tls: TlsFacts | undefined;
  /** The instants between which a verified identity holds, milliseconds since the epoch; asked at every request. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The client's address, and whether TLS is spoken. */
  readonly address: string;
  readonly scheme: "http" | "https";
};

/** What this room needs of the trust room. A different object means different authorities: everybody is looked at anew. */
type Trust = {
  readonly depth: number;
  readonly findPath: (leaf: X509Certificate, presented: readonly X509Certificate[]) => Path | undefined;
  readonly recall: (fingerprint256: string) => Known | undefined;
  readonly remember: (fingerprint256: string, leaf: X509Certificate, path: Path) => Known;
};
type Path = {
  readonly depth: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly intermediates: readonly Certificate[];
};
type Known = { readonly certificate: Certificate; readonly path: Path };

type Entry = { readonly peer: Peer; readonly trust: Trust | undefined };

const entries = new WeakMap<Socket, Entry>();

/**
 * The peer of a connection. Call it first on `secureConnection`, before anything else reads from the socket: a
 * certificate with a bad signature leaves OpenSSL's error queue dirty, and unless it is emptied by a crypto call here,
 * the next read fails and the client gets an empty answer instead of its reason.
 * @param trust `undefined` where no certificates are asked for: then everybody is anonymous
 */
export function peerOf(socket: Socket, trust: Trust | undefined): Peer {
  const held = entries.get(socket);
  if (held !== undefined && held.trust === trust) return held.peer;
  const peer = meet(socket, trust);
  entries.set(socket, { peer, trust });
  return peer;
}

function meet(socket: Socket, trust: Trust | undefined): Peer {
  const encrypted = socket instanceof TLSSocket;
  const address = plainAddress(socket.remoteAddress ?? "");
  const peer = (identity: ClientIdentity, known?: Known): Peer => ({
    identity,
    chain: known?.path.intermediates ?? [],
    tls: encrypted ? tlsFactsOf(socket) : undefined,
    notBefore: known?.path.notBefore ?? -Infinity,
    notAfter: known?.path.notAfter ?? Infinity,
    address,
    scheme: encrypted ? "https" : "http",
  });
  // Nothing that a client can present may throw here: nobody stands behind this call but the process.
  try {
    const leaf = encrypted && trust ? socket.getPeerX509Certificate() : undefined;
    // Node says "authorized" of an anonymous client that resumes its session, and UNABLE_TO_GET_ISSUER_CERT of one that
    // does not: whether there is a certificate is asked of the certificate alone.
    if (!encrypted || !trust || !leaf) return peer(anonymous);
    if (!socket.authorized) {
      leaf.verify(leaf.publicKey); // empties OpenSSL's error queue, see above
      return peer(failed(String(socket.authorizationError), leaf));
    }
    const known = trust.recall(leaf.fingerprint256) ?? acquaint(leaf, trust);
    if (!known) return peer(failed("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", leaf));
    if (known.path.depth > trust.depth) return peer(failed("CERT_CHAIN_TOO_LONG", leaf));
    return peer({ verify: "SUCCESS", certificate: known.certificate }, known);
  } catch {
    return peer({ verify: "FAILED", reason: "CERT_MALFORMED", certificate: undefined });
  }
}

function acquaint(leaf: X509Certificate, trust: Trust): Known | undefined {
  const path = trust.findPath(leaf, presentedWith(leaf));
  return path && trust.remember(leaf.fingerprint256, leaf, path);
}

function presentedWith(leaf: X509Certificate): X509Certificate[] {
  const presented: X509Certificate[] = [];
  for (let next = leaf.issuerCertificate; next && presented.length < 32; next = next.issuerCertificate) {
    presented.push(next);
    if (next.issuerCertificate === next) break;
  }
  return presented;
}

/** Octets up to which an unbelieved certificate is read for its owner and the log: anybody may send one of 100 kB. */
const largestShown = 16_384;

function failed(reason: string, leaf: X509Certificate): ClientIdentity {
  const certificate = leaf.raw.length > largestShown ? undefined : readCertificate(leaf.raw);
  return { verify: "FAILED", reason, certificate };
}

/** `::ffff:192.0.2.1` -> `192.0.2.1`: an IPv4 client of a dual-stack socket. */
function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
