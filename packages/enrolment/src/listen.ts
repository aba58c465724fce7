/** Opens the one listening socket, and says in a sentence why it could not. */
import { once } from "node:events";
import { lstatSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { StartError } from "./start-error.ts";

/** A TCP address, or the path of a Unix socket. */
export type ListenTarget = { readonly host: string; readonly port: number } | { readonly socket: string };

/**
 * @returns where the server listens: `http://127.0.0.1:5001`, or `unix:/run/sallyport/enrolment.sock`
 * @throws StartError
 */
export async function listen(server: Server, target: ListenTarget): Promise<string> {
  if ("socket" in target) await removeStaleSocket(target.socket);
  // The gateway may run as another user of the same group; nobody else has business here.
  const mask = process.umask(0o117);
  try {
    server.listen("socket" in target ? { path: target.socket } : target);
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const place = "socket" in target ? target.socket : `${target.host}:${target.port}`;
    const why = code === "EADDRINUSE" ? "is taken by another process" : `cannot be listened on (${code})`;
    throw new StartError(`${place} ${why}. Choose another place under listen.`, { cause: error });
  } finally {
    process.umask(mask);
  }
  const address = server.address();
  if (address === null || typeof address === "string") return `unix:${address ?? ""}`;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

/** A socket file outlives a process that was killed, and nobody can listen on its path until it is gone. */
async function removeStaleSocket(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const probe = connect(path);
  try {
    await once(probe, "connect");
  } catch {
    unlinkSync(path);
  } finally {
    probe.destroy();
  }
}
