/**
 * Session tickets that are renewed. A client of TLS 1.3 uses a ticket once (RFC 8446 appendix C.4). Node gives two with a full
 * handshake and none with a resumed one: whoever connects again and again would pay for a full handshake every third time.
 */
import { randomFillSync } from "node:crypto";
import type { Server } from "node:tls";

/** What Node makes of OpenSSL's callback for ticket keys; there is no documented way to it. */
type Context = {
  /** @returns whether such a ticket is known and renewed, and the keys; to seal one, its name and its IV too */
  onticketkeycallback?: (name: Buffer, iv: Buffer, sealing: boolean) => readonly unknown[];
  readonly enableTicketKeyCallback?: () => void;
};

/** OpenSSL's words (SSL_CTX_set_tlsext_ticket_key_evp_cb(3)). */
const unknown = 0;
const known = 1;
const knownAndRenewed = 2;

/**
 * Seals the tickets of all connections to come with these keys. Nothing that was sealed with others can be resumed, so
 * that a session, however often it is renewed, ends with the keys that its full handshake met.
 * @param keys 48 octets, as Node takes them: name, HMAC-SHA256 and AES-128-CBC
 */
export function sealTickets(server: Server, keys: Buffer): void {
  // Tickets work without what follows: then they are not renewed.
  server.setTicketKeys(keys);
  const { context } = (server as { _sharedCreds?: { context?: Context } })._sharedCreds ?? {};
  if (context?.enableTicketKeyCallback === undefined) return;
  const [name, hmac, aes] = [keys.subarray(0, 16), keys.subarray(16, 32), keys.subarray(32, 48)];
  context.onticketkeycallback = (presented, _iv, sealing) => {
    if (sealing) return [known, hmac, aes, name, nextIv()];
    return [presented.equals(name) ? knownAndRenewed : unknown, hmac, aes];
  };
  context.enableTicketKeyCallback();
}

const ivLength = 16;
/** Random octets for many initialisation vectors, drawn together: to ask for them costs more than they do. */
const drawn = Buffer.alloc(256 * ivLength);
let used = drawn.length;

/** @returns octets that nobody else gets; they are overwritten when the next are drawn, by when OpenSSL has copied them */
function nextIv(): Buffer {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += ivLength;
  return drawn.subarray(used - ivLength, used);
}
