/** How a target of an upstream is reached: a plain socket, a Unix socket, or TLS whose certificate has been verified. */
import { isIP, connect as connectPlain, type LookupFunction, type OnReadOpts, type Socket } from "node:net";
import {
  connect as connectTls,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
} from "node:tls";

export type TargetAddress =
  { readonly host: string; readonly port: number; readonly secure: boolean } | { readonly path: string };

/** What TLS is spoken with to those targets that ask for it. */
export type TargetTls = {
  /** PEM; the roots that browsers trust, unless given. */
  readonly authorities: readonly string[] | undefined;
  /** The gateway's own client certificate and its key, PEM. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** The name the target is asked for by (SNI), and that its certificate must hold; the address's own, unless given. */
  readonly serverName: string | undefined;
  readonly insecureAnyCertificate: boolean;
};

export type Dialled = {
  readonly socket: Socket;
  /** The event after which somebody is there who is who was meant: nothing that was written has left before it. */
  readonly ready: "connect" | "secureConnect";
};

/** Begins a new connection. @param onread gets what is received; there is no other way to read it */
export type Dial = (onread: OnReadOpts) => Dialled;

/** @throws Error of OpenSSL's when it cannot use the certificate, the key or the authorities */
export function tlsContext({
  authorities,
  certificate,
  key,
}: Pick<TargetTls, "authorities" | "certificate" | "key">): SecureContext {
  return createSecureContext({
    minVersion: "TLSv1.2",
    ...(authorities && { ca: [...authorities] }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  });
}

/**
 * @param tls needed by a secure address alone
 * @param lookup how its name is resolved, at each new connection
 */
export function dialler(
  address: TargetAddress,
  tls: (TargetTls & { readonly context: SecureContext }) | undefined,
  lookup: LookupFunction | undefined,
): Dial {
  if ("path" in address) return (onread) => plain(connectPlain({ path: address.path, onread }));
  const { host, port } = address;
  const where = { host, port, ...(lookup && { lookup }) };
  if (!address.secure || tls === undefined) return (onread) => plain(connectPlain({ ...where, onread }));
  const { context, serverName, insecureAnyCertificate } = tls;
  // An address is verified as an address, and there is no SNI for one (RFC 6066 section 3).
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return (onread) => {
    const options: ConnectionOptions & { onread: OnReadOpts } = {
      ...where,
      onread,
      ...(name !== undefined && { servername: name }),
      secureContext: context,
      rejectUnauthorized: !insecureAnyCertificate,
      ALPNProtocols: ["http/1.1"],
    };
    return { socket: tuned(connectTls(options)), ready: "secureConnect" };
  };
}

function plain(socket: Socket): Dialled {
  return { socket: tuned(socket), ready: "connect" };
}

function tuned<S extends Socket>(socket: S): S {
  socket.setNoDelay(true).setKeepAlive(true, 30_000);
  return socket;
}
