/** A Redis of Debian's, with nothing in it, that keeps nothing on the disk and can be stopped and started again. */
import type { Scope } from "../../support/scope.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { openRedis } from "../../../packages/app/src/store/index.ts";
import { freePort } from "../../support/free-port.ts";
import { folderOfNobody, startUnprivileged, type Unprivileged } from "./unprivileged.ts";

export type RunningRedis = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
};

export async function startRedis(context: Scope): Promise<RunningRedis> {
  const [folder, port] = [await folderOfNobody(context), await freePort()];
  const url = `redis://127.0.0.1:${port}`;
  let server: Unprivileged | undefined;
  const start = async (): Promise<void> => {
    server = await startUnprivileged(context, "/usr/bin/redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]); // prettier-ignore
    for (const until = Date.now() + 20_000; Date.now() < until;) {
      if (await answers(url)) return;
      await sleep(50);
    }
    throw new Error(`Redis does not answer. It said:\n${server.said()}`);
  };
  await start();
  return {
    url,
    start,
    stop: async () => {
      await server?.end("SIGKILL");
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const client = await openRedis({ url, password: undefined }, () => undefined);
    const pong = await client.ping();
    client.destroy();
    return pong === "PONG";
  } catch {
    return false;
  }
}
