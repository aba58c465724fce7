import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listsAmiss } from "./lists-amiss.ts";
import type { OpenSource } from "./open-sources.ts";
import type { SourceState } from "./source.ts";

const day = 86_400_000;
const now = Date.parse("2026-06-01T12:00:00Z");

function source(states: readonly SourceState[], setting: Partial<OpenSource> = {}): OpenSource {
  const nothing = () => Promise.resolve();
  const held = {
    check: () => ({ status: "unknown", detail: "", until: 0 }) as const,
    refresh: nothing,
    states: () => states,
    close: () => undefined,
  };
  const named = { key: "crl-files a.crl", name: "a.crl", demanded: true, local: true };
  return { ...named, source: held, whenUnknown: "refuse", staleAfter: 0, ...setting };
}
const list = (nextUpdate: number, problem?: string): SourceState => ({
  name: "crl a.crl",
  thisUpdate: now - day,
  nextUpdate,
  problem,
});

describe("lists of revocation that are amiss", () => {
  it("are none while each is in its dates, even if what came after it was not taken", () => {
    assert.deepEqual(listsAmiss([source([list(now + 1), list(now + day, "is half a list")])], now), []);
  });

  it("are those that have ended, from the instant on", () => {
    assert.deepEqual(listsAmiss([source([list(now), list(now + day)])], now), [
      "The list crl a.crl ended on 2026-06-01T12:00:00.000Z, and no newer one is there.",
    ]);
  });

  it("may be older by what staleAfter allows", () => {
    const stale = source([list(now - 1000)], { staleAfter: 2000 });
    assert.deepEqual(listsAmiss([stale], now), []);
    assert.equal(listsAmiss([stale], now + 1000).length, 1);
  });

  it("are those that were never there", () => {
    for (const states of [[], [{ name: "crl a.crl", problem: "answered 404 instead of 200" }]])
      assert.deepEqual(listsAmiss([source(states)], now), [
        "There is no list of a.crl yet; the log says why.",
      ]);
  });

  it("are none of those that nobody demands, or that certificates alone point to", () => {
    assert.deepEqual(
      listsAmiss([source([], { whenUnknown: "allow" }), source([], { demanded: false })], now),
      [],
    );
  });
});
