import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { permittedMethod } from "./method.ts";

describe("permittedMethod", () => {
  it("passes every method of an application", () => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY"]) {
      for (const kind of ["request", "continue", "upgrade"])
        assert.equal(permittedMethod(method, kind), method);
    }
  });

  it("refuses TRACE, which would hand the client what was injected for it, and CONNECT by name or by event", () => {
    for (const [method, kind] of [["TRACE", "request"], ["TRACE", "continue"], ["CONNECT", "request"], ["GET", "connect"]] as const) {
      assert.throws(() => permittedMethod(method, kind), { code: "method-not-allowed", status: 405 });
    }
  }); // prettier-ignore

  it("refuses an expectation that cannot be met", () => {
    assert.throws(() => permittedMethod("POST", "expectation"), { code: "expectation-failed", status: 417 });
  });
});
