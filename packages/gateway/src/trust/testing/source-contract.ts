/** What every source of revocation promises. Each kind runs this suite: `sourceContract({ ... })` in its test. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SourceError, type Link, type Source, type SourceEvents } from "../source.ts";
import { oddLinks } from "./odd-links.ts";
import { recordEvents } from "./record-events.ts";

/** What stands behind a source: a file, a folder, a server. */
export type Backing = {
  /** With the same options each time, as a reload opens it. */
  readonly open: (events: SourceEvents, previous?: Source) => Promise<Source>;
  /** From now on it says that exactly these are revoked. Mends what is broken. */
  readonly publish: (revoked: readonly Link[]) => void | Promise<void>;
  /** Puts it away; called when every source of it is closed. */
  readonly remove: () => void | Promise<void>;
};

export type SourceFixture = {
  readonly name: string;
  /**
   * Two certificates that the source covers, and one that it does not: left out where a source covers everybody.
   * Called once, before the first test.
   */
  readonly links: () => Links | Promise<Links>;
  /** Sets up a new backing, which says that exactly these are revoked. */
  readonly prepare: (revoked: readonly Link[]) => Backing | Promise<Backing>;
  /** How long what it says holds: up to nextUpdate and what is added to it, in milliseconds from now; `Infinity`: until it changes. */
  readonly holdsFor: number;
  /** Ways to break a backing, by name; `publish` mends each. */
  readonly breakages: Readonly<Record<string, (backing: Backing) => void | Promise<void>>>;
  /** What a broken backing means when there is no `previous`: the source is refused, or it opens and knows nothing. */
  readonly brokenAtFirst: "SourceError" | "unknown";
};

export type Links = { readonly one: Link; readonly other: Link; readonly stranger?: Link };

/** Clocks, and the time that a test takes. */
const margin = 60_000;

export function sourceContract(fixture: SourceFixture): void {
  describe(`${fixture.name} keeps what every source promises`, () => {
    let links: Links;
    before(async () => {
      links = await fixture.links();
    });

    /** Opens a source that says `other` is revoked and closes all that was opened of its backing. */
    async function withSource(use: (opened: Opened) => Promise<void>): Promise<void> {
      const backing = await fixture.prepare([links.other]);
      const sources: Source[] = [];
      const events = recordEvents();
      const open = async (previous?: Source, heard: SourceEvents = events): Promise<Source> => {
        const source = await backing.open(heard, previous);
        sources.push(source);
        return source;
      };
      try {
        await use({ source: await open(), backing, events, open });
      } finally {
        for (const { close } of sources) close();
        await backing.remove();
      }
    }

    /** Asks for both, so that a source that learns by being asked has learned. */
    const assertStanding = async (source: Source, now = Date.now()) => {
      assert.equal((await source.check(links.one, now)).status, "good");
      assert.equal((await source.check(links.other, now)).status, "revoked");
    };

    it("tells good from revoked, and says who says so", () =>
      withSource(async ({ source, events }) => {
        await assertStanding(source);
        for (const link of [links.one, links.other]) {
          assert.notEqual((await source.check(link, Date.now())).detail.trim(), "");
        }
        assert.deepEqual(problemsOf(source), []);
        assert.deepEqual(events.warnings, []);
        assert.equal(events.changes(), 0);
      }));

    it("knows nothing of a certificate that it does not cover", () =>
      withSource(async ({ source }) => {
        if (links.stranger === undefined) return;
        const { status, detail } = await source.check(links.stranger, Date.now());
        assert.equal(status, "unknown");
        assert.notEqual(detail.trim(), "");
      }));

    it("says until when: never longer than it holds, never an instant that has passed", () =>
      withSource(async ({ source }) => {
        for (const link of [links.one, links.other]) {
          const now = Date.now();
          const { status, until } = await source.check(link, now);
          assert.ok(
            until > now && until <= now + fixture.holdsFor + margin,
            `${status} until ${until - now}`,
          );
          if (fixture.holdsFor === Infinity) assert.equal(until, Infinity);
          else {
            assert.equal((await source.check(link, until - 1)).status, status);
            assert.ok((await source.check(link, until)).until > until, "asked at `until`, it answers anew");
          }
        }
      }));

    it("stale: who is revoked stays revoked, who is not is unknown", () =>
      withSource(async ({ source }) => {
        await assertStanding(source);
        const later = Date.now() + (fixture.holdsFor === Infinity ? 1e12 : fixture.holdsFor + margin);
        const good = await source.check(links.one, later);
        assert.equal(good.status, fixture.holdsFor === Infinity ? "good" : "unknown");
        assert.ok(good.until > later);
        for (const again of [1, 2]) {
          const revoked = await source.check(links.other, later + again);
          assert.equal(revoked.status, "revoked");
          assert.ok(revoked.until > later + again);
        }
      }));

    it("refresh brings what is new, and `changed` tells that answers differ", () =>
      withSource(async ({ source, backing, events }) => {
        await assertStanding(source);
        await backing.publish([links.one]);
        await source.refresh();
        assert.equal((await source.check(links.one, Date.now())).status, "revoked");
        assert.equal((await source.check(links.other, Date.now())).status, "good");
        const changes = events.changes();
        assert.ok(changes > 0);

        await backing.publish([]);
        await source.refresh();
        assert.equal((await source.check(links.one, Date.now())).status, "good");
        assert.ok(events.changes() > changes, "nobody is kept out by an answer of before");
        assert.deepEqual(events.warnings, []);
      }));

    it("refresh of what is still the same changes nothing", () =>
      withSource(async ({ source, backing, events }) => {
        await assertStanding(source);
        await source.refresh();
        await backing.publish([links.other]);
        await source.refresh();
        await assertStanding(source);
        assert.equal(events.changes(), 0);
        assert.deepEqual(events.warnings, []);
      }));

    for (const [breakage, breakIt] of Object.entries(fixture.breakages)) {
      it(`${breakage}: the last good state stays, one warning, a problem to see until it is mended`, () =>
        withSource(async ({ source, backing, events }) => {
          await assertStanding(source);
          await breakIt(backing);
          await source.refresh();
          await source.refresh();
          await assertStanding(source);
          assert.equal(events.warnings.length, 1, events.warnings.join("\n"));
          assert.equal(problemsOf(source).length, 1);
          assert.equal(events.changes(), 0);

          await backing.publish([links.other]);
          await source.refresh();
          assert.deepEqual(problemsOf(source), []);
          await assertStanding(source);
          assert.equal(events.changes(), 0, "what was said all the time is said again");

          await backing.publish([links.one, links.other]);
          await source.refresh();
          assert.equal((await source.check(links.one, Date.now())).status, "revoked");
          assert.ok(events.changes() > 0);
          assert.equal(events.warnings.length, 1);
        }));

      it(`${breakage} at a reload: what the source of before knew is carried over`, () =>
        withSource(async ({ source, backing, events, open }) => {
          await assertStanding(source);
          await breakIt(backing);
          const next = await open(source);
          source.close();
          await assertStanding(next);
          assert.ok(events.warnings.length <= 1);
          await next.refresh();
          await assertStanding(next);
          assert.equal(problemsOf(next).length, 1);
        }));

      it(`${breakage} at the first opening: ${fixture.brokenAtFirst}`, async () => {
        const backing = await fixture.prepare([links.other]);
        try {
          await breakIt(backing);
          if (fixture.brokenAtFirst === "SourceError") {
            await assert.rejects(backing.open(recordEvents()), (error) => {
              assert.ok(error instanceof SourceError, String(error));
              assert.ok(error.message.trim() !== "" && error.next.trim() !== "");
              return true;
            });
          } else {
            const source = await backing.open(recordEvents());
            const { status, until } = await source.check(links.one, Date.now());
            assert.equal(status, "unknown");
            assert.ok(until > Date.now());
            source.close();
          }
        } finally {
          await backing.remove();
        }
      });
    }

    it("a reload without a change carries over all that is known", () =>
      withSource(async ({ source, events, open }) => {
        await assertStanding(source);
        const next = await open(source);
        source.close();
        await assertStanding(next);
        assert.equal(events.changes(), 0);
      }));

    it("answers for certificates that nobody would make, without throwing or rejecting", () =>
      withSource(async ({ source }) => {
        for (const link of oddLinks(links.one)) {
          const now = Date.now();
          const { status, until } = await source.check(link, now);
          assert.match(status, /^(?:good|revoked|unknown)$/);
          assert.ok(until > now);
        }
        await assertStanding(source);
      }));

    it("gives many who ask at once each their own answer", () =>
      withSource(async ({ source }) => {
        const now = Date.now();
        const asked = Array.from({ length: 100 }, (_, at) => (at % 3 === 0 ? links.other : links.one));
        const answers = await Promise.all(asked.map(async (link) => source.check(link, now)));
        asked.forEach((link, at) => {
          assert.equal(answers[at]?.status, link === links.other ? "revoked" : "good");
        });
      }));

    it("closed, it keeps no process alive", async () => {
      const before = timers();
      const backing = await fixture.prepare([links.other]);
      const source = await backing.open(recordEvents());
      await assertStanding(source);
      source.close();
      source.close();
      await backing.remove();
      for (let wait = 0; timers() > before && wait < 100; wait += 1) await sleep(20);
      assert.ok(timers() <= before, `timers left: ${timers() - before}`);
    });
  });
}

type Opened = {
  readonly source: Source;
  readonly backing: Backing;
  readonly events: ReturnType<typeof recordEvents>;
  readonly open: (previous?: Source, heard?: SourceEvents) => Promise<Source>;
};

function problemsOf(source: Source): string[] {
  return source.states().flatMap(({ problem }) => problem ?? []);
}

/** What keeps the process alive from within: timers, and threads by their ports. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Timeout|MessagePort|Worker/.test(kind)).length;
}
