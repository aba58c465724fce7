import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newSecret, ticketKeysOf } from "./ticket-keys.ts";

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
});
