import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { corsLines, isPreflight, preflightAnswer, type Cors } from "./cors.ts";

const origin = "https://app.example";
const cors: Cors = {
  origins: new Set([origin]),
  methods: ["GET", "PUT"],
  headers: [],
  expose: [],
  maxAge: 60,
};

describe("CORS", () => {
  it("a preflight is OPTIONS with an origin and a method that is asked for, and nothing else is one", () => {
    const asking = { origin, "access-control-request-method": "PUT" };
    assert.equal(isPreflight("OPTIONS", asking), true);
    for (const method of ["GET", "POST", "HEAD", undefined]) assert.equal(isPreflight(method, asking), false);
    assert.equal(isPreflight("OPTIONS", { origin }), false);
    assert.equal(isPreflight("OPTIONS", { "access-control-request-method": "PUT" }), false);
  });

  it("an origin that may is told so by its own name, never by an asterisk", () => {
    const { status, headers } = preflightAnswer(cors, origin);
    assert.equal(status, 204);
    assert.ok(headers.includes(origin) && !headers.includes("*"));
    assert.ok(headers.includes("GET, PUT"));
  });

  it("every other is told nothing, and caches are told that it depends", () => {
    for (const other of [undefined, "", "null", "https://app.example/", "https://APP.example"]) {
      assert.deepEqual(corsLines(cors, other), ["Vary", "Origin"]);
      assert.deepEqual(preflightAnswer(cors, other).headers.slice(-2), ["Vary", "Origin"]);
    }
  });
});
