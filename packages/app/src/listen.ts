/** Opens the app's one listening socket, and says in a sentence why it could not. */
import { lstatSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";

/** A TCP address, or the path of a Unix socket. */
export type ListenTarget = { readonly host: string; readonly port: number } | { readonly path: string };

/** The address cannot be had. The message is complete; the process exits with 1. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/**
 * @returns where the server listens: `http://127.0.0.1:5000`, or `unix:/run/sallyport/app.sock`
 * @throws ListenError
 */
export async function listen(server: Server, target: ListenTarget): Promise<string> {
  if ("path" in target) await removeStaleSocket(target.path);
  // The gateway may run as another user of the same group; nobody else has business here.
  const mask = process.umask(0o117);
  try {
    server.listen(target);
    await once(server, "listening");
  } catch (error) {
    throw new ListenError(explain(codeOf(error), target), { cause: error });
  } finally {
    process.umask(mask);
  }
  const address = server.address();
  if (address === null || typeof address === "string") return `unix:${address ?? ""}`;
  return `http://${hostPort(address.address, address.port)}`;
}

/** A socket file outlives a process that was killed, and nobody can listen on its path until it is gone. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new ListenError(
      `${path} is there already and is not a socket. Choose another SALLYPORT_APP_SOCKET.`,
    );
  }
  const code = await connectCode(path);
  if (code !== "ECONNREFUSED") throw new ListenError(explain(code ?? "EADDRINUSE", { path }));
  unlinkSync(path);
}

/** @returns `undefined` when somebody answers */
async function connectCode(path: string): Promise<string | undefined> {
  const probe = connect(path);
  try {
    await once(probe, "connect");
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    probe.destroy();
  }
}

function explain(code: string, target: ListenTarget): string {
  if ("path" in target) {
    if (code === "EADDRINUSE") {
      return `${target.path} is taken: another process answers there. Stop it, or choose another SALLYPORT_APP_SOCKET.`;
    }
    return `${target.path} cannot be listened on (${code}). Look at its folder, or choose another SALLYPORT_APP_SOCKET.`;
  }
  const address = hostPort(target.host, target.port);
  if (code === "EADDRINUSE") {
    return `${address} is taken by another process. See which: ss -ltnp 'sport = :${target.port}'. Stop it, or choose another SALLYPORT_APP_PORT.`;
  }
  return `${address} cannot be listened on (${code}). Choose another SALLYPORT_APP_HOST or SALLYPORT_APP_PORT.`;
}

function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
