/** A backend that keeps every octet it is sent, and believes none of them. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { fold } from "./fold.ts";
import type { Scope } from "./scope.ts";
import { splitRequests, type RecordedRequest, type SplitRequests } from "./split-requests.ts";

export type RecordedConnection = {
  readonly bytes: () => Buffer;
  readonly split: () => SplitRequests;
  readonly open: () => boolean;
  readonly socket: Socket;
};

export type RecordingBackend = {
  readonly port: number;
  readonly connections: readonly RecordedConnection[];
  /** Every octet of every connection since the last {@link RecordingBackend.forget}. */
  readonly bytes: () => Buffer;
  readonly requests: () => readonly RecordedRequest[];
  /** Connections whose octets are not whole requests only. */
  readonly leftovers: () => readonly SplitRequests[];
  /** Every header line whose name folds to ssl_client_s_dn. */
  readonly subjectLines: () => readonly (readonly [name: string, value: string])[];
  /** Forgets what was received so far; connections stay open. */
  readonly forget: () => void;
  /** Destroys all connections that are open now. */
  readonly disconnect: () => void;
};

/** Octets to answer with, or nothing when the function has used the socket itself. */
export type Respond = (request: RecordedRequest, socket: Socket) => string | Buffer | undefined;

export const okAnswer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n";

export async function recordingBackend(
  scope: Scope,
  respond: Respond = () => okAnswer,
): Promise<RecordingBackend> {
  type Held = RecordedConnection & { forget: () => void };
  let connections: Held[] = [];
  const server = createServer((socket) => {
    let octets = Buffer.alloc(0);
    let answered = 0;
    let open = true;
    connections.push({
      bytes: () => octets,
      split: () => splitRequests(octets),
      open: () => open,
      socket,
      forget() {
        octets = Buffer.alloc(0);
        answered = 0;
      },
    });
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => (open = false));
    socket.on("data", (chunk) => {
      octets = Buffer.concat([octets, chunk]);
      const { requests } = splitRequests(octets);
      for (const request of requests.slice(answered)) {
        answered += 1;
        const answer = respond(request, socket);
        if (answer !== undefined && socket.writable) socket.write(answer, "latin1");
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.after(async () => {
    for (const { socket } of connections) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const requests = () => connections.flatMap((connection) => connection.split().requests);
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    bytes: () => Buffer.concat(connections.map((connection) => connection.bytes())),
    requests,
    leftovers: () =>
      connections.map((connection) => connection.split()).filter(({ rest }) => rest !== "nothing"),
    subjectLines: () =>
      requests().flatMap(({ lines }) => lines.filter(([name]) => fold(name) === "ssl_client_s_dn")),
    forget() {
      connections = connections.filter((connection) => connection.open());
      for (const connection of connections) connection.forget();
    },
    disconnect() {
      for (const { socket } of connections) socket.destroy();
    },
  };
}
