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
import { Notes } from "../notes.ts";
import { tlsFactsOf } from "./tls-facts.ts";
export { serverNameOf } from "./tls-facts.ts";

export type Peer<K extends Known = Known> = {
  readonly identity: ClientIdentity;
  /** What the trust room knows of a verified certificate; `undefined` of everybody else. */
  readonly known: K | undefined;
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
export type Trust<K extends Known> = {
  readonly maxDepth: number;
  readonly meet: (
    leaf: X509Certificate,
    presented: () => X509Certificate[],
    resumed: boolean,
  ) => K | undefined;
  readonly weaknessOf: (leaf: X509Certificate, presented: readonly X509Certificate[]) => string | undefined;
};
export type Known = {
  readonly certificate: Certificate;
  readonly depth: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly links: readonly { readonly certificate: Certificate; readonly issuer: Certificate }[];
  readonly weakness: string | undefined;
};
type Entry = {
  readonly peer: Peer;
  readonly trust: object | undefined;
  /** As it came in the handshake: the socket is not asked again. */
  readonly leaf: Leaf;
  /** See {@link wayOf}; `undefined` as long as it was never believed. */
  readonly way: string | undefined;
};
/** What was presented; `unreadable` is not nothing. */
type Leaf = X509Certificate | "unreadable" | undefined;

const entries = new Notes<Entry>("peer");

/**
 * The peer of a connection. Call it first on `secureConnection`, before anything else reads from the socket: a
 * certificate with a bad signature leaves OpenSSL's error queue dirty, and unless it is emptied by a crypto call here,
 * the next read fails and the client gets an empty answer instead of its reason.
 * @param trust `undefined` where no certificates are asked for: then everybody is anonymous
 */
export function peerOf<K extends Known>(socket: Socket, trust: Trust<K> | undefined): Peer<K> {
  const held = entries.of(socket);
  // The same trust made it: what it knows is of that trust's kind.
  if (held !== undefined && held.trust === trust) return held.peer as Peer<K>;
  const leaf = held ? held.leaf : leafOf(socket);
  const met = meet(socket, leaf, trust);
  const found = wayOf(met);
  const way = held?.way ?? found;
  const peer = met.known && found !== way ? strayed(met) : met;
  entries.set(socket, { peer, trust, leaf, way });
  return peer;
}

/**
 * The way by which a peer is believed. It must stay the one that its handshake was verified with: OpenSSL looks once, and
 * what an authority on another way forbids (name constraints, path length, purposes) nobody has looked at on this
 * connection.
 */
function wayOf({ known }: Peer): string | undefined {
  return known?.links.map(({ issuer }) => issuer.sha256).join();
}

/** Refused until it has made a new handshake. */
function strayed<K extends Known>(peer: Peer<K>): Peer<K> {
  const { identity } = peer;
  if (identity.verify !== "SUCCESS") return peer;
  const reason = "CERT_PATH_CHANGED";
  return {
    ...peer,
    identity: { verify: "FAILED", reason, certificate: identity.certificate },
    known: undefined,
  };
}

function leafOf(socket: Socket): Leaf {
  try {
    return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  } catch {
    return "unreadable";
  }
}

function meet<K extends Known>(socket: Socket, leaf: Leaf, trust: Trust<K> | undefined): Peer<K> {
  const encrypted = socket instanceof TLSSocket;
  const address = plainAddress(socket.remoteAddress ?? "");
  const peer = (identity: ClientIdentity, known?: K): Peer<K> => ({
    identity,
    known,
    chain: known?.links.slice(1).map(({ certificate }) => certificate) ?? [],
    tls: encrypted ? tlsFactsOf(socket) : undefined,
    notBefore: known?.notBefore ?? -Infinity,
    notAfter: known?.notAfter ?? Infinity,
    address,
    scheme: encrypted ? "https" : "http",
  });
  // Nothing that a client can present may throw here: nobody stands behind this call but the process.
  try {
    // Node says "authorized" of an anonymous client that resumes its session, and UNABLE_TO_GET_ISSUER_CERT of one that
    // does not: whether there is a certificate is asked of the certificate alone.
    if (!encrypted || !trust || !leaf) return peer(anonymous);
    if (leaf === "unreadable") return peer(malformed);
    const presented = () => presentedWith(leaf);
    if (!socket.authorized) {
      leaf.verify(leaf.publicKey); // empties OpenSSL's error queue, see above
      return peer(failed(reasonOf(socket, leaf, trust), leaf));
    }
    const known = trust.meet(leaf, presented, socket.isSessionReused());
    if (!known) return peer(failed("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", leaf));
    if (known.weakness) return peer(failed(known.weakness, leaf));
    if (known.depth > trust.maxDepth) return peer(failed("CERT_CHAIN_TOO_LONG", leaf));
    return peer({ verify: "SUCCESS", certificate: known.certificate }, known);
  } catch {
    return peer(malformed);
  }
}

const malformed: ClientIdentity = { verify: "FAILED", reason: "CERT_MALFORMED", certificate: undefined };

/** OpenSSL's word. It has none for keys and digests under its security level, as Node tells it. */
function reasonOf<K extends Known>(socket: TLSSocket, leaf: X509Certificate, trust: Trust<K>): string {
  const word = String(socket.authorizationError);
  return word === "UNSPECIFIED" ? (trust.weaknessOf(leaf, presentedWith(leaf)) ?? word) : word;
}

/** What the client sent with its certificate; nothing where the session is resumed. */
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
