/**
 * Honest clients in a thread of their own, so that what the others do to the gateway is measured and not what they do to
 * this process. Each asks at its own beat, whatever the answers take; a tenth of them make a new connection each time.
 */
import { Agent, request } from "node:https";
import { parentPort, workerData } from "node:worker_threads";

export type HonestLoad = {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  readonly clients: number;
  /** Milliseconds between two requests of one client. */
  readonly beat: number;
};

/** What was measured since the last time somebody asked. */
export type Measured = {
  /** Milliseconds each, a new connection's handshake included. */
  readonly durations: readonly number[];
  /** What went wrong, in words. */
  readonly failures: readonly string[];
};

const { port, cert, key, clients, beat } = workerData as HonestLoad;
const patience = 10_000;
let durations: number[] = [];
let failures: string[] = [];

function ask(agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/honest/", agent, timeout: patience };
    const asking = request(options, (answer) => {
      answer.resume().on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`status ${answer.statusCode ?? 0}`));
      });
    });
    asking.on("timeout", () => asking.destroy(new Error(`no answer within ${patience} ms`)));
    asking.on("error", reject).end();
  });
}

for (let number = 0; number < clients; number += 1) {
  const keepAlive = number % 10 > 0;
  const agent = new Agent({
    cert,
    key,
    keepAlive,
    maxSockets: keepAlive ? 1 : Infinity,
    rejectUnauthorized: false,
  });
  const turn = () => {
    const started = performance.now();
    ask(agent).then(
      () => durations.push(performance.now() - started),
      (error: unknown) => failures.push(String(error)),
    );
  };
  setTimeout(() => setInterval(turn, beat), (beat * number) / clients);
}

parentPort?.on("message", () => {
  parentPort?.postMessage({ durations, failures } satisfies Measured);
  [durations, failures] = [[], []];
}); // prettier-ignore
