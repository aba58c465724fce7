/** What a target's name resolves to, looked at again and again: a pool must not stay with machines that have moved. */
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";

/** All addresses of a name, as `dns.lookup` gives them. */
export type Resolve = (
  name: string,
  options: { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** How long an answer holds for connections that are open, in milliseconds; a new connection always asks. */
const interval = 10_000;
/** An address is gone when so many answers in turn leave it out: many name servers give a different part each time. */
const mostMissed = 2;
/** Addresses that are remembered of one name. */
const mostRemembered = 64;

export class Addresses {
  readonly #name: string;
  readonly #resolve: Resolve;
  /** Address -> how many answers in turn have left it out. */
  readonly #missed = new Map<string, number>();
  #askedAt = -Infinity;
  #waiting: ((error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void)[] | undefined;

  constructor(name: string, resolve: Resolve = systemLookup) {
    this.#name = name;
    this.#resolve = resolve;
  }

  /** For `net.connect`. Those who ask at the same time get one answer: a slow name server is asked once. */
  readonly lookup: LookupFunction = (_, options, done) => {
    this.#ask((error, found) => {
      const wanted = found.filter(({ family }) => !options.family || family === options.family);
      const [first] = wanted;
      if (error) done(error, []);
      else if (options.all === true) done(null, wanted);
      else if (first) done(null, first.address, first.family);
      else done(Object.assign(new Error(`${this.#name} has no address`), { code: "ENOTFOUND" }), []);
    });
  };

  /** Whether connections to this address may still be used. Asks anew from time to time, without waiting for the answer. */
  holds(address: string | undefined, now: number): boolean {
    if (now - this.#askedAt > interval) this.#ask(() => undefined);
    return address === undefined || (this.#missed.get(address) ?? 0) < mostMissed;
  }

  get remembered(): number {
    return this.#missed.size;
  }

  #ask(done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void): void {
    if (this.#waiting) {
      this.#waiting.push(done);
      return;
    }
    const waiting = [done];
    this.#waiting = waiting;
    this.#askedAt = performance.now();
    this.#resolve(this.#name, { all: true }, (error, addresses) => {
      this.#waiting = undefined;
      const found = error ? [] : addresses;
      // An answer that did not come says nothing about where anybody is.
      if (found.length > 0) this.#note(new Set(found.map(({ address }) => address)));
      for (const each of waiting) each(error, found);
    });
  }

  #note(found: ReadonlySet<string>): void {
    for (const [address, missed] of this.#missed) this.#missed.set(address, missed + 1);
    for (const address of found) {
      this.#missed.delete(address);
      this.#missed.set(address, 0);
    }
    for (const address of this.#missed.keys()) {
      if (this.#missed.size <= mostRemembered) break;
      this.#missed.delete(address);
    }
  }
}
