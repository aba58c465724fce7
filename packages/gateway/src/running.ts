/** A gateway that runs: its settings, its world and its listeners, and how they change together. */
import { setTimeout as sleep } from "node:timers/promises";
import { amongWorkers, type AmongWorkers, type Worker } from "./among-workers.ts";
import { checkFixed, checkReload } from "./config/cannot-reload.ts";
import { certificatesInUse } from "./config/certificates-in-use.ts";
import { ConfigError } from "./config/config-error.ts";
import { watchFiles } from "./config/file-watch.ts";
import { loadSettings, type Settings } from "./config/load.ts";
import { createGateway } from "./gateway.ts";
import type { Address, Listener, Mode } from "./listen/listener.ts";
import { openListeners, type ActivatedSockets } from "./listening.ts";
import { createLog, type Log } from "./observe/log.ts";
import { createMetrics } from "./observe/metrics.ts";
import { ownTls } from "./own-tls.ts";
import { openPlainPorts, type PlainPorts } from "./plain-ports.ts";
import { createReadiness } from "./readiness.ts";
import { SourcesError } from "./trust/open-sources.ts";
import { checkUpstreamTls } from "./upstream-tls.ts";
import { ticketsChangeEvery } from "./workers/ticket-keys.ts";
import { buildWorld, type OpenWorld, type WorldEvents } from "./world.ts";

export type Running = {
  readonly log: Log;
  /** Reads everything again. What is broken changes nothing: the gateway goes on as it was, and says so. */
  readonly reload: () => Promise<void>;
  /** Takes no new connections and resolves when the last exchange is done, or as many are cut as the settings do not wait for. */
  readonly drain: () => Promise<void>;
  /** Cuts whatever is under way; resolves when the cut have been told why. */
  readonly end: () => Promise<void>;
};

/** A gateway that is one of several. */
export type RunningWorker = Running &
  Pick<AmongWorkers, "takeSecret" | "introduce"> & {
    readonly listeners: readonly (Address & { readonly mode: Mode })[];
    readonly figures: () => Promise<string>;
    /** Why it could not do its work, a sentence each; none when it can. */
    readonly readiness: () => Promise<readonly string[]>;
  };

/** How often it is asked whether those who are here may stay, in milliseconds: nobody stays a second longer. */
const reconsiderEvery = 500;

/** How often it is looked whether another period has begun, or something is known that others know too, in milliseconds. */
const replicasLookEvery = 5_000;

/** How long the cut have to be told why, in milliseconds. */
const lastWords = 200;

/**
 * @param worker where this is one of several, which neither answer probes nor say where they listen: somebody else does
 * @param sockets that somebody has opened for it
 * @throws ConfigError
 */
export async function startGateway(
  file: string,
  settings: Settings,
  worker?: Worker,
  sockets?: ActivatedSockets,
): Promise<RunningWorker> {
  if (worker) checkFixed(worker.fixed, settings);
  const log = createLog(settings.log.access, worker?.worker);
  const metrics = createMetrics();
  const listeners: Listener[] = [];
  const closing: (() => unknown)[] = [];
  let plain: PlainPorts | undefined;
  /** Rises whenever what is believed has changed. */
  let generation = 0;
  let opened: OpenWorld | undefined;
  const among = amongWorkers(worker, listeners, () => ({ settings, sources: opened?.sources() ?? [] }));
  const { forgetSessions } = among;
  const events: WorldEvents = {
    forgetSessions,
    trustMoved() {
      generation += 1;
      forgetSessions();
      setImmediate(gateway.reconsider);
    },
    warning: log.warning,
    ...among.events,
  };
  const gateway = createGateway(() => world, { log, metrics });
  const tls = ownTls(settings);
  checkUpstreamTls(settings);
  let world = await openWorld(settings, undefined, events);
  opened = world;
  metrics.observeTrust(() => ({ generation, sources: world.sources() }));
  metrics.observeCertificates(() => certificatesInUse(settings));
  metrics.observeTargets(() => world.targets());
  metrics.observeConnections(() => listeners.reduce((sum, { connections }) => sum + connections(), 0));

  const readiness = createReadiness(
    () => settings,
    () => world,
  );
  const drain = async () => {
    plain?.draining();
    for (const close of closing) close();
    const limit = setTimeout(gateway.end, settings.drainTimeout);
    await Promise.all(listeners.map((listener) => listener.drain()));
    await gateway.quiet();
    clearTimeout(limit);
    world.close();
    await plain?.close();
  };
  /** What the last reload, if it was refused, has read: mending that is a change too. */
  let wanted: readonly string[] = [];
  let underWay = false;
  const reload = async () => {
    underWay = true;
    try {
      wanted = [];
      const next = loadSettings(file);
      checkReload(settings, next);
      const nextTls = ownTls(next);
      checkUpstreamTls(next);
      const nextWorld = await openWorld(next, world, events);
      world.close();
      [settings, world, opened] = [next, nextWorld, nextWorld];
      generation += 1;
      if (nextTls) for (const listener of listeners) listener.secure(nextTls);
      among.seal();
      worker?.forgot();
      gateway.reconsider();
      metrics.reload(true);
      log.event("reloaded");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      wanted = error.files;
      // Who is denied in the same breath must not get in because of a slip of the pen elsewhere.
      await world.reread();
      metrics.reload(false);
      log.warning("reload refused: everything stays as it was", { problems: error.message.split("\n") });
    } finally {
      underWay = false;
    }
  };
  /** One after the other: each takes over from the one before. */
  let turn = Promise.resolve();
  const inTurn = (act: () => Promise<void>) => {
    turn = turn.then(act).catch(log.bug);
    return turn;
  };

  try {
    const around = { gateway, world: () => world, log, metrics };
    await openListeners(settings, tls, around, { share: worker, sockets }, (listener) =>
      listeners.push(listener),
    );
    among.seal();
    if (!worker) {
      const told = {
        metrics: async () => ({ text: await metrics.render() }),
        readiness,
        // That it answers is all there is to say.
        life: () => Promise.resolve([]),
      };
      plain = await openPlainPorts(settings, told, log);
    }
  } catch (error) {
    void drain();
    throw error;
  }
  const reconsidering = setInterval(gateway.reconsider, reconsiderEvery);
  // Of several, their supervisor has the clock; replicas have one on the wall.
  const changeTickets = () => {
    if (!worker && settings.ticketSecret === undefined) forgetSessions();
  };
  const changing = setInterval(changeTickets, ticketsChangeEvery);
  const looking = setInterval(among.look, replicasLookEvery);
  closing.push(() => {
    clearInterval(reconsidering);
    clearInterval(changing);
    clearInterval(looking);
  });
  if (settings.reloadOnChange) {
    const watch = watchFiles(
      () => [...settings.files, ...wanted, ...settings.revocationFiles],
      (changed) => {
        const settingsChanged = [...settings.files, ...wanted].some((each) => changed.has(each));
        // Not in turn, for a reload may wait for a server; and once more behind it, since what it read may be of before.
        if (settingsChanged) void inTurn(reload);
        void world.reread().catch(log.bug);
        if (underWay) void inTurn(() => world.reread());
      },
    );
    closing.push(watch.close);
    await watch.ready;
  }
  const places = listeners.map(({ address, mode }) => ({ ...address, mode }));
  if (!worker) for (const place of places) log.event("listening", place);
  return {
    log,
    reload: () =>
      inTurn(async () => {
        await reload();
        // Who types this may have mended a responder, too. Nobody waits for it.
        void world.refresh().catch(log.bug);
      }),
    drain,
    async end() {
      gateway.end();
      await sleep(lastWords);
    },
    listeners: places,
    figures: metrics.render,
    readiness,
    takeSecret: among.takeSecret,
    introduce: among.introduce,
  };
}

/** @throws ConfigError */
async function openWorld(
  settings: Settings,
  previous: OpenWorld | undefined,
  events: WorldEvents,
): Promise<OpenWorld> {
  try {
    return await buildWorld(settings, previous, events);
  } catch (error) {
    if (!(error instanceof SourcesError)) throw error;
    const problems = error.problems.map(({ path, error: { message, next } }) => ({
      ...{ place: settings.place(path), path: path.join("."), what: message, next },
    }));
    throw new ConfigError(problems, [...settings.files, ...settings.revocationFiles]);
  }
}
