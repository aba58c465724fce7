/** In front of a server whose connections come through a balancer: each is handed on once it is known whose it is. */
import { BlockList, createServer, isIP, type Server, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { connectionOf } from "./connection-limit.ts";
import type { Limits } from "./limits.ts";
import { ProxyHeaderError, readProxyHeader } from "./proxy-header.ts";

/** The whole list: a metric's label must not be made by a client. */
export const proxyRefusals = ["untrusted", "invalid", "timeout", "closed"] as const;

export type ProxyRefusal = {
  readonly reason: (typeof proxyRefusals)[number];
  /** For the log. */
  readonly detail: string;
};

/** A connection was closed because it cannot be known whose it is. @param address that of the other end */
export type ProxyRefused = (refusal: ProxyRefusal, address: string | undefined) => void;

/**
 * A listening socket for a server that does not listen itself.
 *
 * The header is read from the connection as any program would read it; then the server is given that same connection. TLS
 * takes the octets that have come behind the header, and from there on reads from the system by itself, as ever.
 * @param from addresses and networks whose word is taken
 */
export function acceptProxied(
  server: Server,
  from: readonly string[],
  refused: ProxyRefused,
  { keepAlive, keepAliveInitialDelay, proxyHeaderTimeout }: Limits,
  allowHalfOpen: boolean,
): Server {
  const trusted = listOf(from);
  const acceptor = createServer({ allowHalfOpen, noDelay: true, keepAlive, keepAliveInitialDelay });
  acceptor.on("connection", (socket) => {
    const { remoteAddress } = socket;
    const refuse = (reason: ProxyRefusal["reason"], detail: string) => {
      settle();
      socket.destroy();
      refused({ reason, detail }, remoteAddress);
    };
    let octets = Buffer.alloc(0);
    const look = () => {
      for (let part = read(socket); part; part = read(socket)) octets = Buffer.concat([octets, part]);
      try {
        const header = readProxyHeader(octets);
        if (header === undefined) return;
        settle();
        if (octets.length > header.length) socket.unshift(octets.subarray(header.length));
        if (header.address !== undefined) claim(socket, header.address);
        server.emit("connection", socket);
      } catch (error) {
        if (!(error instanceof ProxyHeaderError)) throw error;
        refuse("invalid", `the connection ${error.message}`);
      }
    };
    const leave = () => {
      refuse("closed", "the connection ended before its PROXY header");
    };
    const timer = setTimeout(() => {
      refuse("timeout", `there is no PROXY header within ${proxyHeaderTimeout} ms`);
    }, proxyHeaderTimeout);
    const settle = () => {
      clearTimeout(timer);
      socket.off("readable", look).off("end", leave).off("close", leave);
    };
    // Whoever is reset is gone: "close" tells.
    socket.on("error", () => undefined);
    // Reset before it was looked at, as HAProxy's checks do: nobody is left to have an address.
    if (remoteAddress === undefined) leave();
    else if (isTrusted(trusted, remoteAddress))
      socket.on("readable", look).on("end", leave).on("close", leave);
    else refuse("untrusted", "the address is not one of proxyProtocol.from");
  });
  // What watches over slow heads begins when a server listens.
  acceptor.on("listening", () => server.emit("listening"));
  return acceptor;
}

function read(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null;
}

function listOf(from: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of from) {
    const [network = "", bits] = each.split("/");
    const family = isIP(network) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/** An IPv4 address of a dual-stack socket, `::ffff:192.0.2.1`, counts as what it stands for. */
function isTrusted(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** From now on this is the connection's address, for whoever asks. */
function claim(socket: Socket, address: string): void {
  Object.defineProperty(socket, "remoteAddress", { value: address, configurable: true });
}

/** What is spoken over a connection has its address. Without a claim there is nothing to do. */
export function inheritAddress(socket: TLSSocket): void {
  const connection = connectionOf(socket);
  if (Object.hasOwn(connection, "remoteAddress")) claim(socket, connection.remoteAddress ?? "");
}
