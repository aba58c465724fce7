/** `sallyport serve`: listens, reloads on SIGHUP, drains on SIGTERM. */
import type { SecureContextOptions } from "node:tls";
import { ConfigError } from "../config/config-error.ts";
import { loadSettings, type Settings } from "../config/load.ts";
import { createGateway } from "../gateway.ts";
import { listen, type Listener } from "../listen/listener.ts";
import { createLog } from "../observe/log.ts";
import { peerOf } from "../peer/peer.ts";
import { brokenAnswer } from "../refuse/broken-answer.ts";
import { buildWorld } from "../world.ts";

const drainLimit = 30_000;

/**
 * Runs until a signal ends it.
 * @returns the exit code
 * @throws ConfigError when it cannot start
 */
export async function serve(file: string): Promise<number> {
  let settings = loadSettings(file);
  const log = createLog(settings.log.access);
  const listeners: Listener[] = [];
  const forgetSessions = () => {
    for (const listener of listeners) listener.forgetSessions();
  };
  let world = buildWorld(settings, forgetSessions);
  const request = createGateway(() => world, log);
  for (const [at, { host, port, mode, onBadCertificate }] of settings.listen.entries()) {
    const abort = mode === "mutual" && onBadCertificate === "abort";
    const strict = abort && settings.clients?.presence === "required";
    const handlers = {
      request,
      connection: (socket: Parameters<typeof peerOf>[0]) => {
        const { identity } = peerOf(socket, world.trust);
        const closed = abort && identity.verify === "FAILED";
        if (closed)
          log.warning("handshake refused", { reason: identity.reason, address: socket.remoteAddress });
        return !closed;
      },
      broken: (refusal: Parameters<typeof brokenAnswer>[0], socket: Parameters<typeof peerOf>[0]) => {
        const { answer, incident } = brokenAnswer(refusal);
        const { code, status, detail } = refusal;
        log.warning("no request", { code, status, detail, incident, address: socket.remoteAddress });
        return answer;
      },
      handshakeFailed: (error: Error, socket: Parameters<typeof peerOf>[0]) => {
        log.warning("handshake failed", { reason: error.message.trim(), address: socket.remoteAddress });
      },
    };
    try {
      listeners.push(await listen(mode, { host, port }, secureContext(settings), strict, handlers));
    } catch (error) {
      for (const listener of listeners) void listener.drain();
      throw cannotListen(file, at, host, port, error);
    }
  }
  listeners.forEach(({ address }, at) => {
    log.event("listening", { ...address, mode: settings.listen[at]?.mode });
  });
  process.on("SIGHUP", () => {
    try {
      const next = loadSettings(file);
      if (JSON.stringify(next.listen) !== JSON.stringify(settings.listen)) {
        throw new ConfigError([{ place: file, path: "listen", what: "it has changed, which a reload cannot follow", next: "restart the gateway" }]); // prettier-ignore
      }
      const before = world;
      world = buildWorld(next, forgetSessions);
      settings = next;
      const context = secureContext(next);
      for (const listener of listeners) if (context) listener.secure(context);
      for (const { upstream } of before.routes) upstream.close();
      log.event("reloaded");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.warning("reload refused; everything stays as it was", { problems: error.message.split("\n") });
    }
  });
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGTERM", resolve).once("SIGINT", resolve);
  });
  log.event("draining", { signal });
  const impatient = () => process.exit(0);
  process.once("SIGTERM", impatient).once("SIGINT", impatient);
  setTimeout(impatient, drainLimit).unref();
  await Promise.all(listeners.map((listener) => listener.drain()));
  log.event("stopped");
  log.flush();
  return 0;
}

function secureContext({ tls, material }: Settings): SecureContextOptions | undefined {
  return (
    tls &&
    material.tls && {
      cert: material.tls.certificate,
      key: material.tls.key,
      ca: material.authorities.map(String),
      minVersion: tls.minVersion,
    }
  );
}

function cannotListen(file: string, at: number, host: string, port: number, error: unknown): ConfigError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const reasons: Record<string, [what: string, next: string] | undefined> = {
    EADDRINUSE: [
      `port ${port} on ${host} is taken by another program`,
      `end it (ss -ltnp 'sport = :${port}' names it), or choose another port`,
    ],
    EACCES: [
      `this user may not listen on port ${port}`,
      "choose a port above 1023, or give the program that right",
    ],
    EADDRNOTAVAIL: [`${host} is not an address of this machine`, "choose 127.0.0.1, ::1, 0.0.0.0 or ::"],
    ENOTFOUND: [`${host} is not an address`, "choose 127.0.0.1, ::1, 0.0.0.0 or ::"],
  };
  const [what, next] = reasons[code] ?? [
    `listening on ${host} port ${port} failed (${code})`,
    "choose another address or port",
  ];
  return new ConfigError([{ place: file, path: `listen.${at}`, what, next }]);
}
