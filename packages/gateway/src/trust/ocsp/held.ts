/** What is known of one certificate, and for how long. */
import type { Standing } from "../source.ts";
import { printTime, type Answer } from "./judge-response.ts";
import type { Question } from "./question.ts";

export type Held = {
  readonly question: Question;
  /** `until`: when it is asked for anew. */
  readonly standing: Standing;
  /** When it does not hold any more, unless it says revoked: that is so until an answer says otherwise. */
  readonly expires: number;
  /** Of the newest answer there has been. */
  readonly thisUpdate: number | undefined;
};

/**
 * Milliseconds. An answer is asked for anew when nine tenths of its life have passed, and after an hour at most: that is
 * how long somebody who has just been revoked may still be let in. When there is no newer one it holds on, as its signer
 * said, but for a day at most: signers give out answers for a week, and whoever keeps us from the responder shall not
 * gain that week.
 */
const askedAnewAfter = 60 * 60_000;
const heldFor = 24 * 60 * 60_000;
/** Nobody is asked again sooner about the same certificate. */
const retryAfter = 10_000;

/** From an answer that is to be believed. */
export function heldAnswer(question: Question, answer: Answer, now: number): Held {
  const { status, revokedAt, thisUpdate, notAfter } = answer;
  const expires = Math.min(notAfter, now + heldFor);
  const since = revokedAt === undefined ? "" : ` since ${printTime(revokedAt)}`;
  const detail = `${question.responder} said on ${printTime(thisUpdate)}: ${status}${since}`;
  const renewed = now + Math.min(askedAnewAfter, Math.max(retryAfter, 0.9 * (expires - now)));
  const until = status === "unknown" ? now + retryAfter : Math.min(expires, renewed);
  return { question, standing: { status, detail, until }, expires, thisUpdate };
}

/** No answer came: what was known goes on for as long as it holds. */
export function heldWithout(
  question: Question,
  reason: string,
  last: Held | undefined,
  now: number,
  after = retryAfter,
): Held {
  const retry = now + after;
  if (last?.standing.status === "good" && now < last.expires)
    return { ...last, standing: { ...last.standing, until: Math.min(last.expires, retry) } };
  const standing = { status: "unknown", detail: reason, until: retry } as const;
  return { question, standing, expires: retry, thisUpdate: last?.thisUpdate };
}

/** Silence does not lift a revocation, and neither does a responder that has lost track of the certificate. */
export function succeeding(last: Held, next: Held): Held {
  if (last.standing.status !== "revoked" || next.standing.status !== "unknown") return next;
  return { ...next, standing: { ...last.standing, until: next.standing.until } };
}

/** What is wrong with a certificate is wrong with it for good. */
export function unasked(reason: string): Standing {
  return { status: "unknown", detail: `no responder can be asked: ${reason}`, until: Infinity };
}
