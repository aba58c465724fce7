/** A gateway of several workers: what they do not do themselves. No client is ever spoken with here. */
import { fixedOf } from "./config/cannot-reload.ts";
import { cannotListen } from "./config/cannot-listen.ts";
import { ConfigError, type Problem } from "./config/config-error.ts";
import type { Settings } from "./config/load.ts";
import { wouldOwn } from "./listen/sole-owner.ts";
import { createLog } from "./observe/log.ts";
import { openPlainPorts, type Told } from "./plain-ports.ts";
import type { Running } from "./running.ts";
import type { Subject } from "./workers/messages.ts";
import type { Answers } from "./workers/poll.ts";
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
  const plain = await openPlainPorts(
    settings,
    tellOf(() => supervisor),
    log,
  );
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
    await plain.close();
    if (!(error instanceof WorkerRefused) || error.problems === undefined) throw error;
    throw new ConfigError(error.problems as Problem[]);
  }
  const { listeners, reload, drain, end } = supervisor;
  for (const listener of listeners) log.event("listening", { ...listener, workers: settings.workers });
  return {
    log,
    reload() {
      reload();
      return Promise.resolve(); // all have been told; each says in the log when it has done it
    },
    async drain() {
      plain.draining();
      await drain();
      await plain.close();
    },
    end,
  };
}

/** What is told of all workers together. One that has ended and will be replaced is missed by nobody: the others serve. */
function tellOf(supervisor: () => Supervisor | undefined): Told {
  const ask = async (about: Subject) => {
    const { texts, silent } = (await supervisor()?.ask(about)) ?? nobody;
    return { texts, silence: silent.map((worker) => `No answer from worker ${worker} within 2 seconds.`) };
  };
  return {
    async metrics() {
      const { texts, silence } = await ask("figures");
      const text = supervisor()?.merge(texts);
      if (text === undefined) return { problem: noneYet };
      return silence.length === 0 ? { text } : { problem: silence.join("\n") };
    },
    async readiness() {
      const { texts, silence } = await ask("readiness");
      if (texts.size + silence.length === 0) return [noneYet];
      const problems = [...texts.values()].flatMap((text) => JSON.parse(text) as string[]);
      return [...silence, ...new Set(problems)];
    },
    life: async () => (await ask("life")).silence,
  };
}

const nobody: Answers = { texts: new Map(), silent: [] };
const noneYet = "No worker listens yet.";
