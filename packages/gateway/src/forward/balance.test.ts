import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { leastConnections, roundRobin, stickyByCertificate } from "./balance.ts";

const target = (name: string, load = 0) => ({ name, load });
const four = ["a", "b", "c", "d"].map((name) => target(name));
const client = (at: number) => ({ sha256: createHash("sha256").update(String(at)).digest("hex") });
const clients = Array.from({ length: 2_000 }, (_, at) => client(at));

describe("roundRobin", () => {
  it("gives each of them its turn, however many there are at the moment", () => {
    const next = roundRobin<(typeof four)[number]>();
    const counts = new Map<string, number>();
    for (let at = 0; at < 400; at += 1) {
      const { name } = next(four, undefined);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    assert.deepEqual([...counts.values()], [100, 100, 100, 100]);
    assert.equal(next(four.slice(0, 1), undefined).name, "a");
  });
});

describe("leastConnections", () => {
  it("takes the one with the fewest, and each in turn of those that are level", () => {
    const next = leastConnections<(typeof four)[number]>();
    const loaded = [target("a", 3), target("b", 1), target("c", 2), target("d", 1)];
    const names = new Set(Array.from({ length: 10 }, () => next(loaded, undefined).name));
    assert.deepEqual(names, new Set(["b", "d"]));
  });
});

describe("stickyByCertificate", () => {
  const sticky = () => stickyByCertificate(roundRobin<(typeof four)[number]>());

  it("gives one certificate one target, in every process alike", () => {
    const [one, other] = [sticky(), sticky()];
    for (const each of clients.slice(0, 100)) {
      const { name } = one(four, each);
      assert.equal(one(four, each).name, name);
      assert.equal(other(four.toReversed(), { ...each }).name, name);
    }
  });

  it("spreads certificates evenly", () => {
    const choose = sticky();
    const counts = new Map<string, number>();
    for (const each of clients) {
      const { name } = choose(four, each);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts) assert.ok(count > 420 && count < 580, `${name}: ${count}`);
  });

  it("moves those of a target that goes, and nobody else; they come home with it", () => {
    const choose = sticky();
    const without = four.filter(({ name }) => name !== "c");
    const moved = new Set<string>();
    for (const each of clients) {
      const home = choose(four, each).name;
      const away = choose(without, each).name;
      if (home === "c") moved.add(away);
      else assert.equal(away, home);
      assert.equal(choose(four, each).name, home);
    }
    assert.deepEqual(moved, new Set(["a", "b", "d"]), "all three take their share");
  });

  it("moves to a target that comes no more than its share", () => {
    const choose = sticky();
    const more = [...four, target("e")];
    let moved = 0;
    for (const each of clients) {
      const [before, after] = [choose(four, each).name, choose(more, each).name];
      if (after !== before) moved += 1;
      if (after !== before) assert.equal(after, "e");
    }
    assert.ok(moved > 320 && moved < 480, `${moved} of 2000`);
  });

  it("gives who has no certificate each in turn", () => {
    const choose = sticky();
    const names = new Set(Array.from({ length: 8 }, () => choose(four, undefined).name));
    assert.equal(names.size, 4);
  });
});
