/** People who come again and again, each on a connection that is kept or on a new one each time, until they are told to leave. */
import { readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "./stack.ts";

export type Visitors = {
  readonly served: () => number;
  /** What went wrong, for each visitor. */
  readonly failures: readonly (readonly string[])[];
  readonly leave: () => Promise<void>;
};

/** @param count of visitors; every other one keeps its connection */
export function visitors(stack: Stack, count: number, greeting: string): Visitors {
  const grace = readFileSync(join(stack.certs, "grace.pem"));
  const tls = { cert: grace, key: grace, ca: readFileSync(join(stack.certs, "root.pem")) };
  const over = new AbortController();
  const failures: string[][] = [];
  let served = 0;
  const visit = (agent: Agent) =>
    new Promise<void>((resolve, reject) => {
      const url = `https://localhost:${stack.port}/flask/`;
      const asked = get(url, { agent, timeout: 10_000, lookup: loopback }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => (body += text));
        answer.on("error", reject).on("end", () => {
          if (answer.statusCode === 200 && body === greeting) resolve();
          else reject(new Error(`${answer.statusCode ?? 0}: ${body}`));
        });
      });
      asked.on("error", reject).on("timeout", () => asked.destroy(new Error("no answer in time")));
    });
  const stays = Array.from({ length: count }, async (_, at) => {
    const mine: string[] = [];
    failures.push(mine);
    const agent = new Agent({
      ...tls,
      keepAlive: at % 2 === 0,
      maxSockets: 1,
      maxCachedSessions: at % 4 === 1 ? 10 : 0,
    });
    while (!over.signal.aborted) {
      await visit(agent).then(
        () => (served += 1),
        (error: unknown) => mine.push(String(error)),
      );
      await sleep(20);
    }
    agent.destroy();
  });
  return {
    served: () => served,
    failures,
    async leave() {
      over.abort();
      await Promise.all(stays);
    },
  };
}

/** The ports of a test are published on 127.0.0.1 alone. */
const loopback: NonNullable<Parameters<typeof get>[1]["lookup"]> = (_, options, done) => {
  if (options.all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
  else done(null, "127.0.0.1", 4);
};
