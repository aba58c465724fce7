/** A gateway of several workers: what they do not do themselves. No client is ever spoken with here. */
import { fixedOf } from "./config/cannot-reload.ts";
import { cannotListen } from "./config/cannot-listen.ts";
import { ConfigError, type Problem } from "./config/config-error.ts";
import type { Settings } from "./config/load.ts";
import { wouldOwn } from "./listen/sole-owner.ts";
import { listenForMetrics, MetricsUnavailable } from "./listen/metrics-listener.ts";
import { createLog } from "./observe/log.ts";
import type { Running } from "./running.ts";
import { startWorkers, WorkerRefused, type Supervisor } from "./workers/supervisor.ts";

/** @throws ConfigError */
export async function supervise(file: string, settings: Settings): Promise<Running> {
  const log = createLog(false);
  for (const [at, { host, port }] of settings.listen.entries()) {
    await wouldOwn({ host, port }).catch((error: unknown) => {
      throw cannotListen(settings.place(["listen", at]), ["listen", at], host, port, error);
    });
  }
  let supervisor: Supervisor | undefined;
  const metrics = await openMetrics(settings, log.bug, () => figuresOf(supervisor));
  try {
    supervisor = await startWorkers({
      ...{ file, workers: settings.workers, fixed: fixedOf(settings) },
      ended(worker, { code, signal }, pause) {
        log.warning("worker ended", { worker, code, signal, again: pause });
      },
      refused(worker, problems) {
        const { message } = new ConfigError(problems as Problem[]);
        log.warning("worker cannot start", { worker, problems: message.split("\n") });
      },
      back(worker) {
        log.event("worker is back", { worker });
      },
    });
  } catch (error) {
    await metrics?.close();
    if (!(error instanceof WorkerRefused) || error.problems === undefined) throw error;
    throw new ConfigError(error.problems as Problem[]);
  }
  const { listeners, reload, drain, end } = supervisor;
  for (const listener of listeners) log.event("listening", { ...listener, workers: settings.workers });
  if (metrics) log.event("metrics", metrics.address);
  return {
    log,
    reload,
    async drain() {
      await Promise.all([metrics?.close(), drain()]);
    },
    end,
  };
}

async function openMetrics(
  { metrics, place }: Settings,
  failed: (error: unknown) => void,
  render: () => Promise<string>,
) {
  if (!metrics) return undefined;
  const { host, port } = metrics;
  try {
    return await listenForMetrics({ host, port }, { render }, failed);
  } catch (error) {
    throw cannotListen(place(["metrics"]), ["metrics"], host, port, error);
  }
}

async function figuresOf(supervisor: Supervisor | undefined): Promise<string> {
  const collected = (await supervisor?.figures()) ?? { silent: [] };
  if ("text" in collected) return collected.text;
  const which = collected.silent.join(", ");
  throw new MetricsUnavailable(
    which === "" ? "No worker listens yet." : `No answer from worker ${which} within 2 seconds.`,
  );
}
