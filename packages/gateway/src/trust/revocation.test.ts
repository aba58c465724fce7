import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noFacts } from "../testing/no-facts.ts";
import { createRevocation, type Asked } from "./revocation.ts";
import type { Link, Standing } from "./source.ts";

const certificate = { ...noFacts, subject: [], issuer: [], serialNumber: "01", notBefore: 0, notAfter: 1 };
const link: Link = { certificate, issuer: certificate };
const now = 1_000_000;

const good: Standing = { status: "good", detail: "on nobody's list", until: Infinity };
const revoked: Standing = { status: "revoked", detail: "it is on the list", until: Infinity };
const unknown: Standing = { status: "unknown", detail: "no list", until: now + 10_000 };

type Answer = Standing | Promise<Standing>;

/** A source that gives these answers in turn, the last one for ever, and counts how often it was asked. */
function source(answers: readonly Answer[], whenUnknown: Asked["whenUnknown"] = "refuse") {
  let asked = 0;
  const check = (): Answer => answers[Math.min(asked++, answers.length - 1)] ?? good;
  const idle = { refresh: () => Promise.resolve(), states: () => [], close: () => undefined };
  return { whenUnknown, local: true, source: { check, ...idle }, asked: () => asked };
}

const verdictOf = (links: readonly Link[], ...sources: readonly Asked[]) =>
  createRevocation(sources, () => 0).standing(links, now);

describe("the verdict on a path", () => {
  it("is good where nobody is asked, and where everybody says so", () => {
    assert.deepEqual(verdictOf([link]), { status: "good", detail: "", until: Infinity, generation: 0 });
    assert.deepEqual(verdictOf([link], source([good]), source([good])), {
      ...{ status: "good", detail: "", until: Infinity, generation: 0 },
    });
  });

  it("is revoked when one source says so of one certificate, whatever the others cannot tell", () => {
    for (const others of [[good], [unknown]]) {
      const verdict = verdictOf([link, link], source(others), source([good, revoked]), source([good]));
      assert.ok(!(verdict instanceof Promise));
      assert.equal(verdict.status, "revoked");
      assert.equal(verdict.detail, "it is on the list");
    }
  });

  it("is unavailable when a source that must know does not, and good when it need not", () => {
    const must = verdictOf([link, link], source([good, unknown]));
    assert.ok(!(must instanceof Promise));
    assert.equal(must.status, "unavailable");
    assert.equal(must.detail, "no list");
    const need = verdictOf([link], source([unknown], "allow"), source([good]));
    assert.ok(!(need instanceof Promise));
    assert.equal(need.status, "good");
    assert.equal(need.until, now + 10_000, "asked again when the silent one may know");
  });

  it("does not wait for a silent one when another has said that it is revoked", () => {
    const silent = new Promise<Standing>(() => undefined);
    const verdict = verdictOf([link], source([silent]), source([revoked]));
    assert.ok(!(verdict instanceof Promise));
    assert.equal(verdict.status, "revoked");
  });

  it("waits for those who have to ask somebody", async () => {
    const verdict = verdictOf([link], source([good]), source([Promise.resolve(revoked)]));
    assert.ok(verdict instanceof Promise);
    assert.equal((await verdict).status, "revoked");
  });
});

describe("a verdict is remembered", () => {
  it("for the path it was made for, until an answer of it ends", () => {
    const { asked, ...one } = source([{ ...good, until: now + 5_000 }]);
    const revocation = createRevocation([one], () => 0);
    const [path, other] = [[link], [link]];
    for (const later of [0, 1, 4_999]) void revocation.standing(path, now + later);
    assert.equal(asked(), 1);
    void revocation.standing(other, now);
    assert.equal(asked(), 2);
    void revocation.standing(path, now + 5_000);
    assert.equal(asked(), 3);
  });

  it("until the generation moves", () => {
    let generation = 0;
    const { asked, ...one } = source([good, revoked]);
    const revocation = createRevocation([one], () => generation);
    const path = [link];
    const status = () => {
      const verdict = revocation.standing(path, now);
      assert.ok(!(verdict instanceof Promise));
      return verdict.status;
    };
    assert.deepEqual([status(), status(), asked()], ["good", "good", 1]);
    generation += 1;
    assert.deepEqual([status(), status(), asked()], ["revoked", "revoked", 2]);
  });

  it("is made anew when the generation moved while somebody was being asked", async () => {
    let generation = 0;
    let answer: (standing: Standing) => void = () => undefined;
    const { asked, ...one } = source([new Promise<Standing>((resolve) => (answer = resolve)), revoked]);
    const revocation = createRevocation([one], () => generation);
    const path = [link];
    const first = revocation.standing(path, now);
    assert.equal(revocation.standing(path, now), first, "all who come meanwhile wait for the same answer");
    generation += 1;
    answer(good);
    assert.equal((await first).status, "good");
    const next = revocation.standing(path, now);
    assert.ok(!(next instanceof Promise));
    assert.equal(next.status, "revoked");
    assert.equal(asked(), 2);
  });

  it("for a second at least, so that no request waits twice", async () => {
    const stale = Promise.resolve<Standing>({ ...unknown, until: 0 });
    const { asked, ...one } = source([stale]);
    const revocation = createRevocation([one], () => 0);
    const path = [link];
    await revocation.standing(path, now);
    assert.ok(!(revocation.standing(path, now + 999) instanceof Promise));
    assert.equal(asked(), 1);
  });
});

it("files are read again without anybody asking a server", async () => {
  const refreshed: string[] = [];
  const of = (name: string, local: boolean): Asked => {
    const { source: idle, ...rest } = source([good]);
    const refresh = () => Promise.resolve(void refreshed.push(name));
    return { ...rest, local, source: { ...idle, refresh } };
  };
  const revocation = createRevocation([of("file", true), of("server", false)], () => 0);
  await revocation.reread();
  assert.deepEqual(refreshed, ["file"]);
  await revocation.refresh();
  assert.deepEqual(refreshed, ["file", "file", "server"]);
});
