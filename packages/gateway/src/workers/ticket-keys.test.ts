import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newSecret, periodAt, secretOfPeriod, ticketKeysOf, ticketsChangeEvery } from "./ticket-keys.ts";

describe("ticket keys", () => {
  const secret = newSecret();

  it("are the same for workers that have read the same", () => {
    assert.deepEqual(ticketKeysOf(secret, "read", 0), ticketKeysOf(secret, "read", 0));
    assert.equal(ticketKeysOf(secret, "read", 0).length, 48, "which is what Node takes");
  });

  it("differ with the secret, with what was read, and from listener to listener", () => {
    const all = [
      ticketKeysOf(secret, "read", 0),
      ticketKeysOf(newSecret(), "read", 0),
      ticketKeysOf(secret, "other", 0),
      ticketKeysOf(secret, "read", 1),
    ];
    assert.equal(new Set(all.map((keys) => keys.toString("hex"))).size, all.length);
  });

  it("of one period are the same at whatever instant of it, and unlike those of every other", () => {
    const noon = Date.parse("2026-06-01T12:00:00Z");
    const at = (instant: number) => secretOfPeriod(secret, periodAt(instant)).toString("hex");
    assert.equal(at(noon), at(noon + ticketsChangeEvery - 1));
    const periods = [noon - 1, noon, noon + ticketsChangeEvery].map(at);
    assert.equal(new Set(periods).size, 3);
    assert.notEqual(at(noon), secretOfPeriod(newSecret(), periodAt(noon)).toString("hex"));
  });
});
