/** Where tries are counted when several processes share them: in Redis. */
import type { ClientRateLimitInfo, Options, Store } from "express-rate-limit";
import { RedisStore, type RedisReply } from "rate-limit-redis";
import { fromRedis } from "../store/index.ts";

/** What is needed of a node-redis client. */
export type RedisCommands = { readonly sendCommand: (words: string[]) => Promise<unknown> };

/** @returns for `openLimits`; every counter rejects with StoreUnavailable while Redis does not answer */
export function redisCounters(client: RedisCommands): (name: string) => Store {
  return (name) => new RedisCounter(client, `sallyport:tries:${name}:`);
}

/**
 * rate-limit-redis loads its scripts once, when it begins, and stays useless for ever when Redis was away just then. Here
 * that is done at the first use, and again until it has succeeded. What it gives back after an answer was sent has nobody
 * to hear of an error: a try too many stays counted then.
 */
class RedisCounter implements Store {
  readonly prefix: string;
  readonly localKeys = false;
  readonly #store: RedisStore;
  #options: Options | undefined;
  #isReady: Promise<void> | undefined;

  constructor(client: RedisCommands, prefix: string) {
    this.prefix = prefix;
    this.#store = new RedisStore({
      prefix,
      sendCommand: (...words) => client.sendCommand(words) as Promise<RedisReply>,
    });
  }

  init(options: Options): void {
    this.#options = options;
  }

  get(key: string): Promise<ClientRateLimitInfo | undefined> {
    return this.#use((store) => store.get(key));
  }

  increment(key: string): Promise<ClientRateLimitInfo> {
    return this.#use((store) => store.increment(key));
  }

  async decrement(key: string): Promise<void> {
    await this.#use((store) => store.decrement(key)).catch(() => undefined);
  }

  resetKey(key: string): Promise<void> {
    return this.#use((store) => store.resetKey(key));
  }

  async #use<T>(work: (store: RedisStore) => Promise<T>): Promise<T> {
    try {
      await (this.#isReady ??= this.#begin());
      return await work(this.#store);
    } catch (error) {
      throw fromRedis(error);
    }
  }

  async #begin(): Promise<void> {
    try {
      if (!this.#options) throw new Error("a counter without a window");
      await this.#store.init(this.#options);
    } catch (error) {
      this.#isReady = undefined;
      throw error;
    }
  }
}
