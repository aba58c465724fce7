import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, it } from "node:test";
import { TokenError, type TokenErrorCode } from "./token-error.ts";
import { tokenKey, type TokenKey } from "./token-keys.ts";
import { openTokens, randomId, type TokensOptions } from "./tokens.ts";

const keyOf = (secret: string): TokenKey =>
  tokenKey({ keyFor: (purpose) => createHmac("sha256", secret).update(purpose).digest() });
const ours = keyOf("ours");
const begin = Date.parse("2026-11-30T12:00:00Z");
const at = (seconds: number) => () => new Date(begin + seconds * 1000);
const tokensAt = (seconds: number, options: Partial<TokensOptions> = {}) =>
  openTokens({ keys: () => [ours], now: at(seconds), ...options });

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const read = (token: string, which: 0 | 1) =>
  JSON.parse(Buffer.from(token.split(".")[which] ?? "", "base64url").toString()) as Record<string, unknown>;
/** Signed with our own key, whatever it says: only what it says can convict it. */
const signed = (header: object, payload: object, { key } = ours) => {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
};
const refused = (code: TokenErrorCode, message?: string | RegExp) => (error: unknown) => {
  assert.ok(error instanceof TokenError, String(error));
  assert.equal(error.code, code);
  if (typeof message === "string") assert.equal(error.message, message);
  return true;
};

describe("a token", () => {
  it("says whose it is, and nothing personal", async () => {
    const { token, id } = await tokensAt(0).issue("access", "7", "a-family");
    assert.deepEqual(read(token, 0), { alg: "HS256", typ: "JWT", kid: ours.kid });
    assert.deepEqual(read(token, 1), {
      type: "access",
      family: "a-family",
      iss: "sallyport-app",
      aud: "sallyport-app/api/v1",
      sub: "7",
      jti: id,
      iat: begin / 1000,
      nbf: begin / 1000,
      exp: begin / 1000 + 900,
    });
  });

  it("is believed until its end, and a few seconds of another clock longer", async () => {
    const { token, id, expires } = await tokensAt(0).issue("access", "7", "a-family");
    assert.deepEqual(await tokensAt(899).read("access", token), { type: "access", user: "7", family: "a-family", id, expires }); // prettier-ignore
    await tokensAt(904).read("access", token);
    await assert.rejects(tokensAt(905).read("access", token), refused("token-expired", "Token has expired"));
    await assert.rejects(tokensAt(-6).read("access", token), refused("token-untrusted", "The token is not yet valid (nbf)")); // prettier-ignore
  });

  it("of another kind is not taken for it", async () => {
    const tokens = tokensAt(0);
    const [access, refresh] = [
      await tokens.issue("access", "7", "f"),
      await tokens.issue("refresh", "7", "f"),
    ];
    await assert.rejects(tokens.read("access", refresh.token), refused("token-wrong-type", "Only access tokens are allowed")); // prettier-ignore
    await assert.rejects(tokens.read("refresh", access.token), refused("token-wrong-type", "Only refresh tokens are allowed")); // prettier-ignore
    assert.equal((await tokensAt(29 * 86400).read("refresh", refresh.token)).id, refresh.id);
    await assert.rejects(tokensAt(30 * 86400 + 5).read("refresh", refresh.token), refused("token-expired"));
  });

  it("of before a change of the secret is believed while the previous one is kept, and new ones are signed with the new", async () => {
    const { token } = await tokensAt(0).issue("refresh", "7", "f");
    const newer = keyOf("newer");
    const both = tokensAt(1, { keys: () => [newer, ours] });
    await both.read("refresh", token);
    assert.equal(read((await both.issue("access", "7", "f")).token, 0)["kid"], newer.kid);
    await assert.rejects(
      tokensAt(1, { keys: () => [newer] }).read("refresh", token),
      refused("token-untrusted"),
    );
  });

  it("never has the id of another", () => {
    assert.equal(new Set(Array.from({ length: 1000 }, randomId)).size, 1000);
  });
});

describe("not believed, though it looks like one", async () => {
  const tokens = tokensAt(0);
  const { token } = await tokens.issue("access", "7", "f");
  const [header, payload] = [read(token, 0), read(token, 1)];
  const [first = "", second = "", third = ""] = token.split(".");
  const { privateKey } = generateKeyPairSync("ed25519");
  const body = `${part({ alg: "EdDSA", kid: ours.kid })}.${second}`;
  const without = (name: string) =>
    Object.fromEntries(Object.entries(payload).filter(([key]) => key !== name));

  for (const [what, tried, code, message] of [
    ["nothing like it", "garbage", "token-malformed", "Not enough segments"],
    ["two parts", `${first}.${second}`, "token-malformed", "Not enough segments"],
    ["four parts", `${token}.`, "token-malformed", "Invalid token"],
    ["five parts, as an encrypted one has", `${token}.${first}.${first}`, "token-malformed", "Invalid token"],
    ["a header that is no JSON", `${Buffer.from("{").toString("base64url")}.${second}.${third}`, "token-malformed", "Invalid token"],
    ["a payload that is no object", signed(header, [1]), "token-malformed", "Invalid token"],
    ["no signature", `${first}.${second}.`, "token-untrusted", "Signature verification failed"],
    ["alg none", `${part({ ...header, alg: "none" })}.${second}.`, "token-untrusted", "The specified alg value is not allowed"],
    ["alg None, signed", signed({ ...header, alg: "None" }, payload), "token-untrusted", "The specified alg value is not allowed"],
    ["no alg", signed({ kid: ours.kid }, payload), "token-malformed", "Invalid token"],
    ["another HMAC", signed({ ...header, alg: "HS512" }, payload), "token-untrusted", "The specified alg value is not allowed"],
    ["a key pair of the sender's own", `${body}.${sign(null, Buffer.from(body), privateKey).toString("base64url")}`, "token-untrusted", "The specified alg value is not allowed"],
    ["a key that the token brings along", signed({ ...header, jwk: { kty: "oct", k: "AAAA" } }, payload, keyOf("theirs")), "token-untrusted", "Signature verification failed"],
    ["no kid", signed({ alg: "HS256" }, payload), "token-untrusted", "Signature verification failed"],
    ["the kid of a file", signed({ alg: "HS256", kid: "../../dev/null" }, payload, { kid: "", key: new Uint8Array(32) }), "token-untrusted", "Signature verification failed"],
    ["an extension that has to be understood", signed({ ...header, crit: ["b64"], b64: false }, payload), "token-malformed", "Invalid token"],
    ["another subject under the old signature", `${first}.${part({ ...payload, sub: "8" })}.${third}`, "token-untrusted", "Signature verification failed"],
    ["one octet of the signature", `${first}.${second}.${third.startsWith("A") ? "B" : "A"}${third.slice(1)}`, "token-untrusted", "Signature verification failed"],
    ["another issuer", signed(header, { ...payload, iss: "somebody" }), "token-untrusted", "Invalid issuer"],
    ["another audience", signed(header, { ...payload, aud: "sallyport-app/api/v2" }), "token-untrusted", "Invalid audience"],
    ["no type", signed(header, without("type")), "token-untrusted", "A claim is missing or wrong"],
    ["a type of its own", signed(header, { ...payload, type: "admin" }), "token-wrong-type", "Only access tokens are allowed"],
    ["no end", signed(header, without("exp")), "token-untrusted", "A claim is missing or wrong"],
    ["an end in words", signed(header, { ...payload, exp: "tomorrow" }), "token-untrusted", "A claim is missing or wrong"],
    ["no subject", signed(header, without("sub")), "token-untrusted", "A claim is missing or wrong"],
    ["no id", signed(header, without("jti")), "token-untrusted", "A claim is missing or wrong"],
    ["no family", signed(header, without("family")), "token-untrusted", "A claim is missing or wrong"],
    ["16 KiB", signed(header, { ...payload, more: "x".repeat(16_384) }), "token-malformed", "The token is too long"],
    ["ten thousand dots", ".".repeat(10_000), "token-malformed", "The token is too long"],
  ] as const) {
    it(what, async () => {
      await assert.rejects(tokens.read("access", tried), refused(code, message));
    });
  } // prettier-ignore

  it("and the same made as ours is", async () => {
    await tokens.read("access", signed(header, payload));
  });
});
