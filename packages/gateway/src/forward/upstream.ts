/** Where a route's requests go: one target, or several that share the work and stand in for each other. */
import { isIP } from "node:net";
import { Refusal } from "../refuse/refusal.ts";
import { Addresses } from "./addresses.ts";
import { leastConnections, roundRobin, stickyByCertificate, type Balance } from "./balance.ts";
import { dialler, tlsContext, type Dial, type TargetAddress, type TargetTls } from "./dial.ts";
import type { Exchange } from "./exchange.ts";
import { watchHealth, type HealthCheck } from "./health-check.ts";
import { Pool, type PoolLimits } from "./pool.ts";
import type { Door } from "./reach.ts";
import { Standing } from "./standing.ts";
import type { Timeouts } from "./upstream-connection.ts";

export type UpstreamSettings = {
  /** At least one; the name is for the log, and what a certificate is kept with. */
  readonly targets: readonly { readonly name: string; readonly address: TargetAddress }[];
  readonly balance: "round-robin" | "least-connections";
  readonly sticky: boolean;
  readonly tls: TargetTls;
  readonly health: HealthCheck | undefined;
  readonly limits: PoolLimits;
  readonly timeouts: Timeouts;
};

/** How a target stands at this moment. */
export type TargetState = {
  readonly target: string;
  /** Whether it is given requests. */
  readonly isIn: boolean;
  /** Requests under way or waiting for a connection. */
  readonly load: number;
};

/** Told when a target goes out or comes back, and why. */
export type Notice = (target: string, state: "in" | "out", reason: string) => void;

type Target = {
  readonly name: string;
  readonly dial: Dial;
  readonly pool: Pool;
  readonly standing: Standing;
  readonly load: number;
};

export class Upstream {
  readonly #targets: readonly Target[];
  /** The one target, where there is nothing to choose and nobody checks it. */
  readonly #only: Pool | undefined;
  readonly #balance: Balance<Target>;
  readonly #notice: Notice;
  readonly #stopChecks: (() => void)[] = [];
  /** Where an exchange has been in vain. */
  readonly #tried = new WeakMap<Exchange, Set<Target>>();

  /** @throws Error of OpenSSL's when it cannot use the certificate, the key or the authorities */
  constructor(settings: UpstreamSettings, notice: Notice) {
    const { targets, health, balance, sticky } = settings;
    this.#notice = notice;
    const spread = balance === "least-connections" ? leastConnections<Target>() : roundRobin<Target>();
    this.#balance = sticky ? stickyByCertificate(spread) : spread;
    this.#targets = this.#build(settings);
    const [first] = this.#targets;
    if (targets.length === 1 && !health) this.#only = first?.pool;
  }

  send(exchange: Exchange): void {
    const pool = this.#only ?? this.#choose(exchange)?.pool;
    if (pool !== undefined) pool.send(exchange);
    else exchange.fail(new Refusal("upstream-unreachable", this.#nobody()));
  }

  states(): readonly TargetState[] {
    const now = performance.now();
    return this.#targets.map(({ name, standing, load }) => ({
      ...{ target: name, isIn: standing.isIn(now), load },
    }));
  }

  doors(): readonly Door[] {
    const now = performance.now();
    return this.#targets.map(({ name, dial, standing }) => ({ name, dial, isIn: standing.isIn(now) }));
  }

  /** Ends idle connections now and busy ones when their exchange is done. */
  close(): void {
    for (const stop of this.#stopChecks) stop();
    for (const { pool } of this.#targets) pool.close();
  }

  #build({ targets, tls, health, limits, timeouts }: UpstreamSettings): readonly Target[] {
    const secure = targets.some(({ address }) => "secure" in address && address.secure);
    const speaking = secure ? { ...tls, context: tlsContext(tls) } : undefined;
    const several = targets.length > 1;
    return targets.map(({ name, address }): Target => {
      const named = "host" in address && isIP(address.host) === 0;
      const addresses = named ? new Addresses(address.host) : undefined;
      const dial = dialler(address, speaking, addresses?.lookup);
      const standing = new Standing();
      const pool = new Pool({
        ...{ dial, timeouts, limits, addresses },
        unreachable: (exchange, reason) => {
          this.#sendElsewhere(exchange, target, reason);
        },
        judged: several
          ? (status) => {
              this.#judge(target, status);
            }
          : undefined,
      });
      const target: Target = {
        ...{ name, dial, pool, standing },
        get load() {
          return pool.load;
        },
      };
      if (health) this.#stopChecks.push(this.#check(target, health));
      return target;
    });
  }

  #check({ name, standing, dial }: Target, health: HealthCheck): () => void {
    return watchHealth(health, dial, (healthy, reason) => {
      standing.healthy = healthy;
      this.#notice(name, healthy ? "in" : "out", reason);
    });
  }

  #choose(exchange: Exchange): Target | undefined {
    const now = performance.now();
    const tried = this.#tried.get(exchange);
    const left = tried ? this.#targets.filter((target) => !tried.has(target)) : this.#targets;
    let candidates = left.filter(({ standing }) => standing.isIn(now));
    // Nobody is in: now and then somebody has to find out whether that is still so.
    if (candidates.length === 0 && !tried)
      candidates = left.filter(({ standing }) => standing.mayBeTried(now));
    if (candidates.length === 0) return undefined;
    const chosen = this.#balance(candidates, exchange.certificate);
    chosen.standing.chosen(now);
    exchange.target = chosen.name;
    return chosen;
  }

  /** Not an octet of the exchange has left, so that it may go to another target whatever its method is. */
  #sendElsewhere(exchange: Exchange, target: Target, reason: string): void {
    const several = this.#targets.length > 1;
    if (several && target.standing.failed(performance.now())) this.#notice(target.name, "out", reason);
    if (several && !exchange.abandoned) {
      const tried = this.#tried.get(exchange) ?? new Set();
      this.#tried.set(exchange, tried.add(target));
      const next = this.#choose(exchange);
      if (next !== undefined) {
        next.pool.send(exchange);
        return;
      }
    }
    exchange.fail(new Refusal("upstream-unreachable", several ? `${target.name}: ${reason}` : reason));
  }

  #judge({ name, standing }: Target, status: number): void {
    if (status !== 0 && (status < 502 || status > 504)) {
      if (standing.succeeded()) this.#notice(name, "in", `it answered ${status}`);
      return;
    }
    const now = performance.now();
    // An application that fails everywhere is better than none: by its answers, the last one never goes out.
    const others = this.#targets.some((other) => other.standing !== standing && other.standing.isIn(now));
    if (others && standing.failed(now)) {
      const reason = status === 0 ? "no valid answers" : `it answered ${status} again and again`;
      this.#notice(name, "out", reason);
    }
  }

  #nobody(): string {
    return `${this.#targets.map(({ name }) => name).join(", ")}: out, see the log`;
  }
}
