/** Which of the targets that are in gets the next request. */
import { createHash } from "node:crypto";

type Candidate = { readonly name: string; readonly load: number };
type Client = { readonly sha256: string } | undefined;

/** @returns one of the candidates; there is at least one */
export type Balance<T extends Candidate> = (candidates: readonly T[], client: Client) => T;

export function roundRobin<T extends Candidate>(): Balance<T> {
  let turn = 0;
  return (candidates) => {
    turn = (turn + 1) % Number.MAX_SAFE_INTEGER;
    return at(candidates, turn % candidates.length);
  };
}

/** The one with the fewest requests under way; in turn where several have as few. */
export function leastConnections<T extends Candidate>(): Balance<T> {
  const inTurn = roundRobin<T>();
  return (candidates, client) => {
    const least = Math.min(...candidates.map(({ load }) => load));
    return inTurn(candidates.filter(({ load }) => load === least), client);
  }; // prettier-ignore
}

/**
 * The same target for the same certificate, by rendezvous hashing: each certificate ranks the targets in an order of its
 * own, and gets the first of them that is in. When a target goes, its clients alone move; when it is back, they do.
 * @param otherwise for clients without a certificate
 */
export function stickyByCertificate<T extends Candidate>(otherwise: Balance<T>): Balance<T> {
  /** A connection's certificate is one object: it is ranked once. */
  const ranked = new WeakMap<object, Map<string, number>>();
  return (candidates, client) => {
    if (client === undefined) return otherwise(candidates, client);
    let scores = ranked.get(client);
    if (scores === undefined) ranked.set(client, (scores = new Map<string, number>()));
    let best = at(candidates, 0);
    let highest = -1;
    for (const candidate of candidates) {
      let score = scores.get(candidate.name);
      if (score === undefined) {
        score = scoreOf(client.sha256, candidate.name);
        scores.set(candidate.name, score);
      }
      if (score <= highest) continue;
      highest = score;
      best = candidate;
    }
    return best;
  };
}

/** 48 bits: exact as a number, and too many for two targets ever to be level. */
export function scoreOf(fingerprint: string, target: string): number {
  return createHash("sha256").update(`${fingerprint} ${target}`).digest().readUIntBE(0, 6);
}

function at<T>(candidates: readonly T[], index: number): T {
  const found = candidates[index];
  if (found === undefined) throw new Error("nobody to choose from");
  return found;
}
