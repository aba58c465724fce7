import assert from "node:assert/strict";
import { it } from "node:test";
import { fieldsOf } from "./request.ts";

it("finds what it knows in any spelling, and nothing else", () => {
  const raw = ["Host", "a", "CONNECTION", "close", "Cookie", "c=d", "__proto__", "x", "content-Length", "5", "Expects", "y"];
  assert.deepEqual(fieldsOf(raw), { connection: "close", "content-length": "5" });
  assert.equal("transfer-encoding" in fieldsOf(raw), false);
}); // prettier-ignore

it("joins the lines of one name, so that two lengths are no length", () => {
  const raw = ["Content-Length", "5", "content-length", "5", "Connection", "a", "Connection", "b"];
  assert.deepEqual(fieldsOf(raw), { "content-length": "5, 5", connection: "a, b" });
});
