import assert from "node:assert/strict";
import { it } from "node:test";
import { newIncident } from "./incident.ts";

it("an incident id is eight letters and digits that nobody mishears, and never the same twice", () => {
  const ids = Array.from({ length: 5000 }, newIncident);
  for (const id of ids) assert.match(id, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(ids.join("")).size, 32, "every letter of the alphabet is used");
});
