/**
 * Revocation by asking (RFC 6960). A responder is asked once about a certificate; from then on its answer is at hand, and
 * is renewed behind the back of whoever comes while it still holds.
 */
import type { Certificate } from "@sallyport/identity";
import { SourceError, type Link, type Source, type SourceEvents, type Standing } from "../source.ts";
import { ask, NoAnswer, timeout } from "./ask.ts";
import { Bounded } from "./bounded.ts";
import { heldAnswer, heldWithout, succeeding, unasked, type Held } from "./held.ts";
import { questionAbout, readAuthority, type Authority, type Question } from "./question.ts";
import { Responder } from "./responder.ts";

export type OcspOptions = {
  /** `aia`: each certificate's own, which its AuthorityInfoAccess names; or the URL of one for all. */
  readonly responder: string;
  /** The source of before a reload: its answers are carried over. */
  readonly previous?: Source | undefined;
};

/** Milliseconds. Whoever was told what is being found out anew asks again so soon. */
const lookAgainAfter = 1_000;
/** The oldest answers go first. */
const mostAnswers = 10_000;
const mostResponders = 100;
const mostAuthorities = 100;
/** On a refresh, so many questions at a time. */
const lanes = 8;

/** By source, so that the next one can take over. */
const answersOf = new WeakMap<Source, { readonly responder: string; readonly held: Bounded<Held> }>();

/** @throws SourceError */
// eslint-disable-next-line @typescript-eslint/require-await -- as every source is opened
export async function openOcsp({ responder, previous }: OcspOptions, events: SourceEvents): Promise<Source> {
  if (responder !== "aia" && !/^https?:$/.test(URL.parse(responder)?.protocol ?? ""))
    throw new SourceError(
      `The OCSP responder ${responder} is no address.`,
      "write ocsp: aia, or ocsp: http://HOST/",
    );
  const before = previous && answersOf.get(previous);
  // The key is the certificate alone, though the question names its issuer too: issuers whose key signed the same
  // certificate under the same name are one to a responder.
  const held = new Bounded<Held>(mostAnswers, before?.responder === responder ? before.held : []);
  const authorities = new Bounded<Authority>(mostAuthorities);
  const responders = new Bounded<Responder>(mostResponders);
  const running = new Map<string, Promise<Standing>>();
  let closed = false;
  if (responder !== "aia") responders.get(responder, () => new Responder(responder));

  const authorityOf = ({ sha256, der }: Certificate) => authorities.get(sha256, () => readAuthority(der));
  const responderOf = ({ responder: url }: Question) => responders.get(url, () => new Responder(url));

  /** The answer that is under way, or a new one; `undefined` while its responder is not to be asked. Never rejects. */
  const askAbout = (id: string, question: Question, now: number): Promise<Standing> | undefined => {
    const underWay = running.get(id);
    if (underWay !== undefined) return underWay;
    const asked = responderOf(question);
    if (!asked.mayBeAsked(timeout)) return undefined;
    const start = performance.now();
    const clock = () => now + (performance.now() - start);
    const answer = ask(question, clock)
      .then((said) => {
        // Who can replay what was signed last week must not undo what was signed today.
        const last = held.peek(id)?.thisUpdate ?? -Infinity;
        if (said.thisUpdate < last)
          throw new NoAnswer("it is older than the one at hand", question.responder, false);
        asked.succeeded();
        return heldAnswer(question, said, clock());
      })
      .catch((error: unknown) => {
        const { message, responderIsDown } =
          error instanceof NoAnswer ? error : new NoAnswer(error, question.responder, false);
        if (asked.failed(message, responderIsDown) && !closed)
          events.warning(message, { responder: asked.url });
        return heldWithout(question, message, held.peek(id), clock());
      })
      .then((next) => keep(id, next, clock()))
      .finally(() => running.delete(id));
    running.set(id, answer);
    return answer;
  };

  /**
   * Remembers what is known now. `until` alone brings most of it to those who ask; two things it does not. Who was let in
   * by another answer and keeps a connection open asks nobody, so a revocation is told at once. And an answer that came
   * before its time (refresh) replaces one that others may go by for another hour.
   */
  const keep = (id: string, next: Held, now: number): Standing => {
    const last = held.peek(id);
    const kept = last === undefined ? next : succeeding(last, next);
    held.set(id, kept);
    const { status } = kept.standing;
    const differs = last !== undefined && last.standing.status !== status;
    const isLongHeld = last?.standing.status !== "unknown" && now < (last?.standing.until ?? 0);
    if (differs && !closed && (status === "revoked" || isLongHeld)) events.changed();
    return kept.standing;
  };

  const check = (link: Link, now: number): Standing | Promise<Standing> => {
    const id = link.certificate.sha256;
    const known = held.peek(id);
    if (known !== undefined && now < known.standing.until) return known.standing;
    const question = known?.question ?? questionOf(link);
    if ("status" in question) return question;
    const { isDown } = responderOf(question);
    const answer = askAbout(id, question, now);
    const soon = now + lookAgainAfter;
    if (known?.standing.status === "revoked") return { ...known.standing, until: soon };
    if (known?.standing.status === "good" && now < known.expires)
      return { ...known.standing, until: Math.min(soon, known.expires) };
    if (answer !== undefined && !isDown) return answer;
    const detail = responderOf(question).problem ?? `${question.responder} is being asked`;
    return keep(id, heldWithout(question, detail, known, now, lookAgainAfter), now);
  };

  const questionOf = (link: Link): Question | Standing => {
    try {
      const question = questionAbout(link, responder, authorityOf);
      return question ?? unasked("it names no OCSP responder");
    } catch (error) {
      return unasked(error instanceof Error ? error.message : String(error));
    }
  };

  const source: Source = {
    check,
    async refresh() {
      for (const each of responders.values()) each.forgive();
      // A copy: an answer that arrives moves to the end.
      const all = [...held].values();
      const lane = async () => {
        for (const [id, { question }] of all) await askAbout(id, question, Date.now());
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
    states() {
      const entries = new Map<string, number>();
      for (const { question } of held.values())
        entries.set(question.responder, (entries.get(question.responder) ?? 0) + 1);
      const states = Array.from(responders.values(), ({ url, problem }) => ({
        name: `ocsp ${url}`,
        entries: entries.get(url) ?? 0,
        problem,
      }));
      return states.length > 0 ? states : [{ name: "ocsp aia", entries: 0, problem: undefined }];
    },
    close: () => (closed = true),
  };
  answersOf.set(source, { responder, held });
  return source;
}
