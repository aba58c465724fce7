import assert from "node:assert/strict";
import { mock, describe, it, type TestContext } from "node:test";
import { amongReplicas, type Believed } from "./among-replicas.ts";
import type { Listener } from "./listen/listener.ts";
import { ticketsChangeEvery } from "./workers/ticket-keys.ts";

const noon = Date.parse("2026-06-01T12:00:00Z");

/** A gateway, as far as replicas are concerned: what its two listeners seal with, `undefined` for keys of its own. */
function replica(secret: string | undefined, digests: readonly string[] = ["list 1"]) {
  const keys: (string | undefined)[] = [];
  const listeners = [0, 1].map((at) => ({
    forgetSessions: (given?: Buffer) => (keys[at] = given?.toString("hex")),
  })) as unknown as Listener[];
  const settings = {
    ticketSecret: secret === undefined ? undefined : Buffer.from(secret),
    site: { names: [], tls: undefined, clients: undefined, routes: [] },
    ...{ hosts: [], listen: [], tlsLimits: { minVersion: "TLSv1.2", ciphers: undefined } },
  } as unknown as Believed["settings"];
  let believed: Believed = {
    ...{ settings, introduced: [] },
    sources: digests.map((digest) => ({ name: "x", digest, problem: undefined })),
  };
  return {
    keys: () => keys.join(),
    learn: (next: Partial<Believed>) => (believed = { ...believed, ...next }),
    ...amongReplicas(listeners, () => believed),
  };
}

const sealed = (...given: Parameters<typeof replica>) => {
  const one = replica(...given);
  one.seal();
  return one;
};

function clockAt(context: TestContext, now: number): void {
  mock.timers.enable({ apis: ["Date"], now });
  context.after(() => {
    mock.timers.reset();
  });
}

describe("replicas", () => {
  it("seal alike as long as secret, period and belief are the same, and each listener otherwise", (context) => {
    clockAt(context, noon);
    const one = sealed("secret");
    assert.equal(one.keys(), sealed("secret").keys());
    const [first, second] = one.keys().split(",");
    assert.notEqual(first, second);
    assert.notEqual(one.keys(), sealed("another").keys());
    assert.notEqual(one.keys(), sealed("secret", ["list 2"]).keys());
    assert.equal(sealed("secret", ["a", "b"]).keys(), sealed("secret", ["b", "a"]).keys());
  });

  it("change their keys when a period has begun, each by its own clock", (context) => {
    clockAt(context, noon - 1);
    const one = sealed("secret");
    const before = one.keys();
    one.look();
    assert.equal(one.keys(), before);
    mock.timers.setTime(noon);
    one.look();
    assert.notEqual(one.keys(), before);
    assert.equal(one.keys(), sealed("secret").keys());
  });

  it("go on together with what both have learnt", (context) => {
    clockAt(context, noon);
    const one = sealed("secret");
    one.learn({ introduced: ["AA"] });
    one.look();
    const other = sealed("secret");
    assert.notEqual(one.keys(), other.keys());
    other.learn({ introduced: ["AA"] });
    other.look();
    assert.equal(one.keys(), other.keys());
  });

  it("keep to themselves what no other can know of, until the period ends", (context) => {
    clockAt(context, noon);
    const one = sealed("secret");
    assert.equal(one.forget(), true);
    assert.equal(one.keys(), ",", "keys of its own");
    one.look();
    one.seal();
    assert.equal(one.keys(), ",", "a reload is no reason to go back");
    mock.timers.setTime(noon + ticketsChangeEvery);
    one.look();
    assert.equal(one.keys(), sealed("secret").keys());
  });

  it("forget by what they have learnt, where that is to be seen", (context) => {
    clockAt(context, noon);
    const one = sealed("secret", ["list 1"]);
    one.learn({ sources: [{ name: "x", digest: "list 2", problem: undefined }] });
    one.forget();
    assert.equal(one.keys(), sealed("secret", ["list 2"]).keys());
  });

  it("are nobody's without a secret", () => {
    const one = sealed(undefined);
    assert.equal(one.forget(), false);
    one.look();
    assert.equal(one.keys(), "");
  });
});
