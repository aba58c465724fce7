/** Redis, for what several processes share and need not keep for ever: sessions, and counters of tries. */
import { createClient, ErrorReply } from "redis";
import { StoreError, StoreUnavailable } from "./store-error.ts";

export type RedisTarget = { readonly url: string; readonly password: string | undefined };

export type Redis = ReturnType<typeof clientOf>;

/** Milliseconds that a command waits for its answer. */
const patience = 3000;

/**
 * A client that is connected. When the server goes away it is asked for again, ever more seldom up to every two seconds,
 * and until then commands fail at once.
 * @throws StoreError when it cannot be reached
 */
export async function openRedis(target: RedisTarget, onTrouble: (error: Error) => void): Promise<Redis> {
  let isUp = false;
  const client = clientOf(target, (tries, cause) => (isUp ? Math.min(2 ** tries * 50, 2000) : cause));
  // Without a listener, a server that goes away would take the process with it.
  client.on("error", (error: Error) => {
    if (isUp) onTrouble(error);
  });
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new StoreError(`${target.url} cannot be used (${reason}). Look at SALLYPORT_APP_REDIS, and whether the server runs.`, { cause: error }); // prettier-ignore
  }
  isUp = true;
  return client;
}

function clientOf({ url, password }: RedisTarget, reconnectStrategy: (tries: number, cause: Error) => number | Error) {
  return createClient({
    url,
    ...(password !== undefined && { password }),
    disableOfflineQueue: true,
    commandOptions: { timeout: patience },
    socket: { connectTimeout: patience, reconnectStrategy },
  });
} // prettier-ignore

/** What the client threw, as the store says it. What is not the server's own word is about its absence. */
export function fromRedis(error: unknown): unknown {
  if (!(error instanceof ErrorReply)) return new StoreUnavailable("away", error);
  if (/^(?:OOM|MISCONF)\b/.test(error.message)) return new StoreUnavailable("full", error);
  if (/^(?:BUSY|LOADING|TRYAGAIN)\b/.test(error.message)) return new StoreUnavailable("busy", error);
  if (/^(?:READONLY|MASTERDOWN|CLUSTERDOWN|NOAUTH|NOPERM|WRONGPASS)\b/.test(error.message))
    return new StoreUnavailable("away", error);
  return error;
}
