import assert from "node:assert/strict";
import { it } from "node:test";
import { hashOfToken, newNumber, newToken } from "./token.ts";

it("a token has 160 random bits, and survives links, shells and telephones", () => {
  const tokens = Array.from({ length: 100 }, newToken);
  for (const token of tokens) assert.match(token, /^[0-9a-hjkmnp-tv-z]{32}$/);
  assert.equal(new Set(tokens).size, 100);
  assert.match(newNumber(), /^[0-9A-HJKMNP-TV-Z]{8}$/);
});

it("what cannot be a token is not even looked for", () => {
  const token = newToken();
  assert.match(hashOfToken(token) ?? "", /^[0-9a-f]{64}$/);
  for (const given of ["", token.slice(1), `${token}0`, `${token} `, token.toUpperCase() + "\n", [token], undefined, null, 0, {}])
    assert.equal(hashOfToken(given), undefined);
}); // prettier-ignore
