/** Small requests on connections that stay open: what a gateway costs when nobody is new. */
import { readFileSync } from "node:fs";
import type { OnReadOpts } from "node:net";
import { connect, createSecureContext, type ConnectionOptions, type TLSSocket } from "node:tls";
import { serverName } from "../certificates.ts";
import type { Workload } from "./workload.ts";

const connections = 32;
/** As a browser asks, and one line that no backend may ever see. */
const request = Buffer.from(
  `GET /flask/hello?name=world HTTP/1.1\r\nHost: ${serverName}\r\n` +
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n" +
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
    "Accept-Language: en-GB,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n" +
    "Cookie: session=5f1c0a7be2d94c63; theme=dark\r\n" +
    "SSL_CLIENT_S_DN: CN=Mallory,ST=Virginia,C=US\r\n\r\n",
);

export const keepAlive: Workload = {
  name: "keep-alive",
  title: `W1 keep-alive: 20-byte answers on ${connections} connections, TLS 1.3, P-256`,
  unit: "request",
  answerSize: 20,
  budget: [
    { peer: "nginx", factor: 2.0 },
    { peer: "apache", factor: 0.7 },
  ],
  drive({ port, certificates: { authority, client } }) {
    const secureContext = createSecureContext({
      ca: readFileSync(authority),
      cert: readFileSync(client.certificate),
      key: readFileSync(client.key),
      minVersion: "TLSv1.3",
    });
    const sockets = new Set<TLSSocket>();
    let done = 0;
    let failed = 0;
    let stopped = false;
    const open = () => {
      if (stopped) return;
      let pending = "";
      const receive = (octets: number, buffer: Uint8Array) => {
        const text = pending + Buffer.from(buffer.buffer, buffer.byteOffset, octets).toString("latin1");
        const length = wholeLength(text);
        pending = text.length < length ? text : "";
        if (text.length < length) return true;
        if (text.length === length && text.startsWith("HTTP/1.1 200 ")) done += 1;
        else failed += 1;
        socket.write(request);
        return true;
      };
      const options: ConnectionOptions & { onread: OnReadOpts } = {
        host: "127.0.0.1",
        port,
        servername: serverName,
        secureContext,
        onread: { buffer: Buffer.alloc(16_384), callback: receive },
      };
      const socket = connect(options);
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("secureConnect", () => socket.write(request));
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        if (!stopped) failed += 1;
        setTimeout(open, 10); // a server that hangs up at once must not turn this into a busy loop
      });
    };
    for (let each = 0; each < connections; each += 1) open();
    return {
      count: () => ({ done, failed }),
      stop() {
        stopped = true;
        for (const socket of sockets) socket.destroy();
      },
    };
  },
};

/** Octets of the answer that begins here: infinite while its head is not whole. */
function wholeLength(text: string): number {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return Infinity;
  return end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
}
