/** One question to one responder, from the nonce to the verdict on what came back. */
import { randomBytes } from "node:crypto";
import { fetchOctets } from "../fetch-octets.ts";
import { judgeResponse, type Answer } from "./judge-response.ts";
import type { Question } from "./question.ts";
import { readResponse, Unsuccessful } from "./read-response.ts";
import { nonceExtension, writeRequest } from "./write-request.ts";

/** Octets: an answer with a chain of certificates has a tenth of that. */
const limit = 64 * 1024;
/** Milliseconds, for the whole exchange. */
export const timeout = 5_000;

/** Why there is no answer to believe. */
export class NoAnswer extends Error {
  /** The responder itself is in trouble: it makes no sense to ask it about others at once. */
  readonly responderIsDown: boolean;

  constructor(cause: unknown, responder: string, responderIsDown: boolean) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(reason.includes(responder) ? reason : `${responder} gave no answer to believe: ${reason}.`, {
      cause,
    });
    this.responderIsDown = responderIsDown;
  }
}

/**
 * Asks by POST (RFC 6960 appendix A.1).
 * @param now milliseconds since the epoch
 * @throws NoAnswer
 */
export async function ask(question: Question, now: () => number): Promise<Answer> {
  const { responder } = question;
  const nonce = nonceExtension(randomBytes(32));
  let octets: Buffer;
  try {
    octets = await exchange(responder, writeRequest(question, nonce));
  } catch (error) {
    throw new NoAnswer(error, responder, true);
  }
  try {
    return judgeResponse(readResponse(octets), question, nonce, now());
  } catch (error) {
    const isBusy = error instanceof Unsuccessful && error.status === "tryLater";
    throw new NoAnswer(error, responder, isBusy);
  }
}

/** @throws Error */
async function exchange(responder: string, body: Buffer): Promise<Buffer> {
  const end = performance.now() + timeout;
  const post = async () =>
    fetchOctets(responder, {
      method: "POST",
      body,
      contentType: "application/ocsp-request",
      accept: "application/ocsp-response",
      limit,
      timeout: Math.max(1, Math.round(end - performance.now())),
    });
  try {
    return (await post()).octets;
  } catch (error) {
    if (!wasCut(error)) throw error;
    // A connection kept from the question before, closed just now by a responder that is well. Asking twice does no harm.
    return (await post()).octets;
  }
}

function wasCut(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && (cause.code === "UND_ERR_SOCKET" || cause.code === "ECONNRESET")) return true;
  }
  return false;
}
