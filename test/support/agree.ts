import { connect, type SecureVersion } from "node:tls";

/**
 * One TLS handshake without a certificate.
 * @param name the name to ask for (SNI); an empty one sends none
 * @param ciphers what is offered, as OpenSSL lists it
 * @returns `TLSv1.3 TLS_AES_256_GCM_SHA384`, or `undefined` when there was no agreement
 */
export function agree(
  port: number,
  name: string,
  version: SecureVersion,
  ciphers?: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host: "127.0.0.1", port, servername: name, rejectUnauthorized: false, timeout: 5_000 },
      ...{ minVersion: version, maxVersion: version },
      ...(ciphers !== undefined && { ciphers }),
    });
    socket.on("secureConnect", () => {
      resolve(`${socket.getProtocol() ?? ""} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.on("error", () => undefined).on("timeout", () => socket.destroy());
    socket.on("close", () => {
      resolve(undefined);
    });
  });
}
