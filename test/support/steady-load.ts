/** Clients that never stop asking, each in its own way, until they are told to. */
import { Agent, request } from "node:https";
import type { Identity } from "./test-authority.ts";
import { TLSSocket } from "node:tls";

export type SteadyLoad = {
  readonly served: () => number;
  /** Handshakes that resumed a session. */
  readonly resumed: () => number;
  /** What went wrong, in words. */
  readonly failures: readonly string[];
  readonly stop: () => Promise<void>;
};

type Way = { readonly agent: Agent; readonly body: Buffer };

const pause = 15;
const half = 40_000;

/**
 * Four clients: one on a connection that is kept alive, one on a new connection each time, one that resumes its session
 * each time, one that sends bodies in two parts.
 * @param identity whom they all are
 */
export function steadyLoad(port: number, identity: Identity): SteadyLoad {
  const failures: string[] = [];
  let served = 0;
  let resumed = 0;
  const over = new AbortController();
  const agent = (keepAlive: boolean, maxCachedSessions: number) =>
    new Agent({ ...identity, keepAlive, maxCachedSessions, maxSockets: 1, rejectUnauthorized: false });
  const nothing = Buffer.alloc(0);
  const ways: Record<string, Way> = {
    "kept alive": { agent: agent(true, 0), body: nothing },
    "new connections": { agent: agent(false, 0), body: nothing },
    "resumed sessions": { agent: agent(false, 10), body: nothing },
    bodies: { agent: agent(true, 0), body: Buffer.alloc(2 * half, "sallyport ") },
  };
  const work = Object.entries(ways).map(async ([name, way]) => {
    while (!over.signal.aborted) {
      try {
        if (await exchange(port, way)) resumed += 1;
        served += 1;
      } catch (error) {
        failures.push(`${name}: ${String(error)}`);
      }
      await sleep(pause);
    }
    way.agent.destroy();
  });
  return {
    served: () => served,
    resumed: () => resumed,
    failures,
    async stop() {
      over.abort();
      await Promise.all(work);
    },
  };
}

/** @returns whether its connection resumed a session */
function exchange(port: number, { agent, body }: Way): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const method = body.length > 0 ? "POST" : "GET";
    const req = request({ host: "127.0.0.1", port, path: "/flask/", method, agent, timeout: 5_000 });
    req.on("error", reject).on("timeout", () => req.destroy(new Error("no answer in time")));
    req.on("response", (res) => {
      const parts: Buffer[] = [];
      const reused = !req.reusedSocket && res.socket instanceof TLSSocket && res.socket.isSessionReused();
      res.on("data", (part: Buffer) => parts.push(part)).on("error", reject);
      res.on("end", () => {
        const answer = Buffer.concat(parts);
        if (res.statusCode === 200 && answer.equals(body)) resolve(reused);
        else reject(new Error(`${res.statusCode ?? 0} with ${answer.length} of ${body.length} octets`));
      });
    });
    if (body.length === 0) req.end();
    else {
      req.write(body.subarray(0, half));
      setTimeout(() => req.end(body.subarray(half)), pause);
    }
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
