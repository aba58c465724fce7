import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { describe, it } from "node:test";
import { Addresses, type Resolve } from "./addresses.ts";

/** A name server that answers when it is told to. */
function nameServer(): { resolve: Resolve; asked: () => number; answer: (...found: string[]) => void } {
  const waiting: ((error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void)[] = [];
  let asked = 0;
  return {
    resolve: (_, __, done) => {
      asked += 1;
      waiting.push(done);
    },
    asked: () => asked,
    answer: (...found) => {
      const error = found.length > 0 ? null : Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
      for (const done of waiting.splice(0)) done(error, found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
    },
  }; // prettier-ignore
}

const look = (addresses: Addresses, options: { all?: boolean; family?: number } = {}) =>
  new Promise<unknown>((resolve) => {
    addresses.lookup("app", options, (error, address) => {
      resolve(error ? error.code : address);
    });
  });

const later = (seconds: number) => performance.now() + seconds * 1_000;

describe("Addresses", () => {
  it("answers as net.connect wants it: one address, or all of them, or why there is none", async () => {
    const { resolve, answer } = nameServer();
    const addresses = new Addresses("app", resolve);
    const wanted = [look(addresses), look(addresses, { all: true }), look(addresses, { family: 6 })];
    answer("192.0.2.1", "2001:db8::1");
    assert.deepEqual(await Promise.all(wanted), [
      "192.0.2.1",
      [{ address: "192.0.2.1", family: 4 }, { address: "2001:db8::1", family: 6 }],
      "2001:db8::1",
    ]); // prettier-ignore
    const none = [look(addresses), look(addresses, { all: true })];
    answer();
    assert.deepEqual(await Promise.all(none), ["ENOTFOUND", "ENOTFOUND"]);
    const wrongFamily = look(addresses, { family: 6 });
    answer("192.0.2.1");
    assert.equal(await wrongFamily, "ENOTFOUND");
  });

  it("asks anew for each new connection, and once for those that wait at the same time", async () => {
    const { resolve, asked, answer } = nameServer();
    const addresses = new Addresses("app", resolve);
    const crowd = Array.from({ length: 100 }, () => look(addresses));
    assert.equal(asked(), 1);
    answer("192.0.2.1");
    assert.deepEqual(new Set(await Promise.all(crowd)), new Set(["192.0.2.1"]));
    const next = look(addresses);
    assert.equal(asked(), 2);
    answer("192.0.2.2");
    assert.equal(await next, "192.0.2.2");
  });

  it("lets go of an address that two answers in turn have left out", () => {
    const { resolve, asked, answer } = nameServer();
    const addresses = new Addresses("app", resolve);
    void look(addresses);
    answer("192.0.2.1", "192.0.2.2");
    assert.equal(addresses.holds("192.0.2.1", later(5)), true);
    assert.equal(asked(), 1, "nothing is asked before its time");
    addresses.holds("192.0.2.1", later(11));
    assert.equal(asked(), 2);
    addresses.holds("192.0.2.1", later(11));
    assert.equal(asked(), 2, "one question at a time");
    answer("192.0.2.2");
    assert.equal(addresses.holds("192.0.2.1", later(1)), true, "once may be chance");
    void look(addresses);
    answer("192.0.2.2");
    assert.equal(addresses.holds("192.0.2.1", later(1)), false);
    assert.equal(addresses.holds("192.0.2.2", later(1)), true);
    void look(addresses);
    answer("192.0.2.1");
    assert.equal(addresses.holds("192.0.2.1", later(1)), true, "it is back");
  });

  it("believes nothing of an answer that did not come", () => {
    const { resolve, answer } = nameServer();
    const addresses = new Addresses("app", resolve);
    void look(addresses);
    answer("192.0.2.1");
    for (let count = 0; count < 5; count += 1) {
      void look(addresses);
      answer();
    }
    assert.equal(addresses.holds("192.0.2.1", later(1)), true);
  });

  it("remembers a bounded number of addresses", () => {
    const { resolve, answer } = nameServer();
    const addresses = new Addresses("app", resolve);
    for (let at = 0; at < 1_000; at += 1) {
      void look(addresses);
      answer(`198.51.${at >> 8}.${at & 255}`);
    }
    assert.equal(addresses.remembered, 64);
  });
});
