/** How often somebody may try: by address, by account, and for ever by nobody. Every window ends by itself. */
import { createHash } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { ipKeyGenerator, MemoryStore, rateLimit, type Options, type Store } from "express-rate-limit";
import { Refused } from "../refused.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How many, in how long (milliseconds). The README says them too. */
export const figures = {
  /** Wrong passwords from one address (IPv6: one /56), whoever they are for. */
  loginByAddress: { limit: 30, windowMs: 15 * minute },
  /** Wrong passwords for one account from one address. */
  loginByBoth: { limit: 10, windowMs: 15 * minute },
  /** Wrong passwords for one account from all addresses from which it has not been signed in to lately. */
  loginByAccount: { limit: 50, windowMs: hour },
  /** An address counts as the account's own for so long after a sign-in. (A timer holds 24 days.) */
  familiar: { limit: 1, windowMs: 20 * day },
  /** Accounts asked for from one address. */
  register: { limit: 20, windowMs: hour },
  /** Wrong passwords of somebody who is signed in already. */
  confirm: { limit: 10, windowMs: hour },
} as const;

const headlines = {
  loginByAddress: "Too many wrong passwords came from your address.",
  loginByBoth: "Too many wrong passwords were tried.",
  loginByAccount: "Too many wrong passwords were tried.",
  register: "Too many accounts were asked for from your address.",
  confirm: "Too many wrong passwords were tried.",
} as const;

/** Too many tries. Nothing was looked at. */
export class TooManyTries extends Refused {
  /** @param retryAfter seconds */
  constructor(headline: string, retryAfter: number) {
    const minutes = Math.ceil(retryAfter / 60);
    super({
      status: 429,
      code: "too-many-tries",
      headline,
      detail: `The next try is possible in ${minutes === 1 ? "a minute" : `${minutes} minutes`}. Until then not even the right password is looked at.`,
      retryAfter,
    });
  }
}

/** Middleware for the routes that check a password or make an account. Each rejects with {@link TooManyTries}. */
export type Limits = {
  /**
   * For a sign-in. Counts what does not {@link succeeded succeed}.
   *
   * A stranger who keeps guessing can use up an account's hour, and has to go on to keep it used up. That shuts out nobody
   * with a certificate, and no address from which the account was signed in to lately.
   * @param accountIn the name that is tried, folded; `""` when there is none
   */
  readonly login: (accountIn: (request: Request) => string) => RequestHandler[];
  /** For a new account. Counts all. */
  readonly register: RequestHandler;
  /** For a password that confirms something: counts what does not {@link succeeded succeed}, by who is signed in. */
  readonly confirm: RequestHandler;
};

const right = new WeakSet<Request>();
const accounts = new WeakMap<Request, string>();

/** Says that the password was right: this request was no try. */
export function succeeded(request: Request): void {
  right.add(request);
}

/** @param counters where they are counted: one store for each name. In memory when left out, for one process. */
export function openLimits(counters: (name: string) => Store = () => new MemoryStore()): Limits {
  const limit = (
    name: Exclude<keyof typeof figures, "familiar">,
    options: Partial<Options>,
  ): RequestHandler =>
    rateLimit({
      ...figures[name],
      store: counters(name),
      standardHeaders: false,
      legacyHeaders: false,
      requestWasSuccessful: (request) => right.has(request),
      handler: (request, _response, next) => {
        const { resetTime } = (request as Request & { rateLimit?: { resetTime?: Date } }).rateLimit ?? {};
        const left = (resetTime?.getTime() ?? Date.now()) - Date.now();
        next(new TooManyTries(headlines[name], Math.max(1, Math.ceil(left / 1000))));
      },
      ...options,
    });

  const familiar = counters("familiar");
  void familiar.init?.({ windowMs: figures.familiar.windowMs } as Options);
  const failures = { skipSuccessfulRequests: true };
  const both = (request: Request) => digest(accountOf(request), addressOf(request));
  const login = [
    limit("loginByAddress", { ...failures, keyGenerator: addressOf }),
    limit("loginByBoth", { ...failures, keyGenerator: both }),
    limit("loginByAccount", {
      ...failures,
      keyGenerator: (request) => digest(accountOf(request)),
      skip: async (request) => ((await familiar.get?.(both(request)))?.totalHits ?? 0) > 0,
    }),
    remember(familiar, both),
  ];

  return {
    login: (accountIn) => [
      (request, _response, next) => {
        accounts.set(request, accountIn(request));
        next();
      },
      ...login,
    ],
    register: limit("register", { keyGenerator: addressOf }),
    confirm: limit("confirm", { ...failures, keyGenerator: (request) => String(request.user?.id ?? addressOf(request)) }), // prettier-ignore
  };
}

/** After a right password: this address is one of the account's own. */
function remember(familiar: Store, keyOf: (request: Request) => string): RequestHandler {
  return (request, response, next) => {
    const key = keyOf(request);
    response.on("finish", () => {
      if (right.has(request)) void Promise.resolve(familiar.increment(key)).catch(() => undefined);
    });
    next();
  };
}

function accountOf(request: Request): string {
  return accounts.get(request) ?? "";
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? "", 56);
}

/** So that nobody's name stands in a counter's key, and none is long. */
function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 24);
}
