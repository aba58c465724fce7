/** A gateway that runs: its settings, its world and its listeners, and how they change together. */
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { cannotListen } from "./config/cannot-listen.ts";
import { ConfigError } from "./config/config-error.ts";
import { loadSettings, type Settings } from "./config/load.ts";
import { createGateway } from "./gateway.ts";
import { listen, type Handlers, type Listener } from "./listen/listener.ts";
import { createLog, type Log } from "./observe/log.ts";
import { peerOf } from "./peer/peer.ts";
import { brokenAnswer } from "./refuse/broken-answer.ts";
import { buildWorld } from "./world.ts";

export type Running = {
  readonly log: Log;
  /** Reads everything again. What is broken changes nothing: the gateway goes on as it was, and says so. */
  readonly reload: () => void;
  /** Takes no new connections and resolves when the last exchange is done. */
  readonly drain: () => Promise<void>;
};

/** @throws ConfigError */
export async function startGateway(file: string): Promise<Running> {
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
    const connection = (socket: Socket) => {
      const { identity } = peerOf(socket, world.trust);
      const welcome = !abort || identity.verify !== "FAILED";
      if (!welcome)
        log.warning("handshake refused", { reason: identity.reason, address: socket.remoteAddress });
      return welcome;
    };
    try {
      const handlers = { request, connection, ...mishaps(log) };
      listeners.push(await listen(mode, { host, port }, secureContext(settings), strict, handlers));
    } catch (error) {
      for (const listener of listeners) void listener.drain();
      throw cannotListen(file, at, host, port, error);
    }
  }
  for (const { address, mode } of listeners) log.event("listening", { ...address, mode });

  const replace = (next: Settings) => {
    const { routes } = world;
    world = buildWorld(next, forgetSessions);
    settings = next;
    const context = secureContext(next);
    if (context) for (const listener of listeners) listener.secure(context);
    for (const { upstream } of routes) upstream.close();
  };

  return {
    log,
    reload() {
      try {
        const next = loadSettings(file);
        if (JSON.stringify(next.listen) !== JSON.stringify(settings.listen)) throw changedListeners(file);
        replace(next);
        log.event("reloaded");
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        log.warning("reload refused: everything stays as it was", { problems: error.message.split("\n") });
      }
    },
    async drain() {
      await Promise.all(listeners.map((listener) => listener.drain()));
      for (const { upstream } of world.routes) upstream.close();
    },
  };
}

/** What goes wrong before there is a request: answered where somebody is left to answer, and written down. */
function mishaps(log: Log): Pick<Handlers, "broken" | "handshakeFailed"> {
  return {
    broken(refusal, socket) {
      const { answer, incident } = brokenAnswer(refusal);
      const { code, status, detail } = refusal;
      log.warning("no request", { code, status, detail, incident, address: socket.remoteAddress });
      return answer;
    },
    handshakeFailed(error, socket) {
      log.warning("handshake failed", { reason: error.message.trim(), address: socket.remoteAddress });
    },
  };
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

function changedListeners(file: string): ConfigError {
  const what = "the listeners have changed, which a reload cannot follow";
  return new ConfigError([{ place: file, path: "listen", what, next: "restart the gateway" }]);
}
