/** Plain HTTP where TLS was expected: the client is told so, in the only language it has shown to understand. */
import { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { OwnAnswer } from "../pages/own-answer.ts";
import { writeAnswer } from "./broken-request.ts";

const mostMilliseconds = 2_000;
const mostOctets = 8 * 1024 * 1024;

/** What Node 24 has and does not document. Without it nobody is answered, and the connection closes as it would have. */
type Hidden = { readonly _parent?: unknown; readonly _destroySSL?: () => void };

/**
 * Call it in the event tlsClientError, for the reasons plain-http and not-tls (OpenSSL knows the usual methods by sight; any
 * other, and the preface of HTTP/2, are to it a record of a wrong version). Where TLS has begun nothing is written: the
 * answer would be taken for a record.
 *
 * The connection's own socket is still open then, and Node closes it right after. But closing while the rest of a large
 * request is on its way resets the connection, and with it goes the answer, unread: so what comes is read and thrown
 * away until the client has left, for two seconds and 8 MiB at most.
 * @returns whether there was somebody to answer
 */
export function answerPlainHttp(tlsSocket: TLSSocket, answer: () => OwnAnswer): boolean {
  const hidden = tlsSocket as Hidden;
  const socket = hidden._parent;
  if (!(socket instanceof Socket) || hidden._destroySSL === undefined) return false;
  if (!socket.writable || socket.bytesWritten > 0) return false;

  // Node is about to destroy it together with the TLS socket: that one call is held back.
  const destroy = socket.destroy.bind(socket);
  socket.destroy = () => {
    socket.destroy = destroy;
    return socket;
  };
  const timer = setTimeout(destroy, mostMilliseconds);
  socket.on("close", () => {
    clearTimeout(timer);
  });
  socket.on("error", () => undefined);

  hidden._destroySSL(); // from here on the octets are the socket's own again
  let octets = 0;
  socket.on("data", ({ length }: Buffer) => {
    octets += length;
    if (octets > mostOctets) destroy();
  });
  writeAnswer(socket, answer()); // it closes by itself when this is out and the client has ended
  return true;
}
