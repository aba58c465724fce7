/** A TLS 1.3 connection with the client's certificate. */
import { readFileSync } from "node:fs";
import type { OnReadOpts } from "node:net";
import {
  connect,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import { serverName, type Certificates } from "../certificates.ts";

const bufferSize = 65_536;

/**
 * Without authorities, and connections that do not mind: the bench has started the server itself, and the policy check has
 * looked at its certificate. To look again each time takes a quarter of the client's CPU time, which W2 is short of.
 */
export function clientContext({ client }: Certificates): SecureContext {
  return createSecureContext({
    ca: [],
    cert: readFileSync(client.certificate),
    key: readFileSync(client.key),
    minVersion: "TLSv1.3",
    ecdhCurve: "X25519",
  });
}

/**
 * @param receive gets what comes; the memory is used again as soon as it returns
 * @param session ticket of an earlier connection
 */
export function openConnection(
  port: number,
  secureContext: SecureContext,
  receive: (octets: Buffer) => void,
  session?: Buffer,
): TLSSocket {
  const buffer = Buffer.allocUnsafe(bufferSize);
  const options: ConnectionOptions & { onread: OnReadOpts } = {
    host: "127.0.0.1",
    port,
    servername: serverName,
    secureContext,
    rejectUnauthorized: false,
    ...(session && { session }),
    onread: {
      buffer,
      callback(octets) {
        receive(buffer.subarray(0, octets));
        return true;
      },
    },
  };
  const socket = connect(options);
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy()); // the close that follows is what counts
  return socket;
}
