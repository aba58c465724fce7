import assert from "node:assert/strict";
import { it } from "node:test";
import { basicPassword } from "./basic-password.ts";

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString("base64")}`;

it("the password is what stands behind the first colon, whoever it is", () => {
  for (const [credentials, password] of [[":token", "token"], ["grace:token", "token"], ["a:b:c", "b:c"], ["grace:", ""], [":zoë", "zoë"]] as const)
    assert.equal(basicPassword(basic(credentials)), password);
  assert.equal(basicPassword(basic(":token").replace("Basic", "bASIC ")), "token");
}); // prettier-ignore

it("where there is none, there is none", () => {
  for (const line of [undefined, "", "Basic", "Basic !", basic("token"), "Bearer OnRva2Vu", "Basic OnRva2Vu, Basic OnRva2Vu"])
    assert.equal(basicPassword(line), undefined);
}); // prettier-ignore
