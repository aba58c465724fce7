import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dialects } from "@sallyport/identity";
import { classify } from "../headers/classify.ts";
import { headerChanges, headerName, trailerName } from "./header-names.ts";

const isTaken = (name: string) => headerName.safeParse(name).success;

/** One of every kind that the line keeps for itself. */
const kept = [
  "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info",
  "TE", "Trailer", "Trailers", "Transfer-Encoding", "Content-Length", "Upgrade", "HTTP2-Settings", "Expect", "Host",
  "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "Sallyport-Secret", "X-Real-IP",
  ...dialects.flatMap(({ headerNames }) => headerNames),
]; // prettier-ignore

describe("a configured header name", () => {
  it("is refused wherever the line would not forward it, in every spelling", () => {
    for (const name of kept) {
      for (const spelling of [name, name.toLowerCase(), name.replaceAll("-", "_"), name.replaceAll(/[-_]/g, ".")]) {
        assert.notEqual(classify(name), "forward", name);
        assert.equal(isTaken(spelling), false, spelling);
        assert.equal(trailerName.safeParse(spelling).success, false, spelling);
      }
    }
  }); // prettier-ignore

  it("is taken where it is an application's", () => {
    for (const name of ["X-Tenant", "Cookie", "Server", "Authorization", "X-Frame-Options", "Strict-Transport-Security"]) {
      assert.equal(classify(name), "forward");
      assert.equal(isTaken(name), true, name);
    }
  }); // prettier-ignore

  it("is a token", () => {
    for (const name of ["", " ", "a b", "a:", "é", "a\r\n", "a\0"]) assert.equal(isTaken(name), false, JSON.stringify(name));
  }); // prettier-ignore

  it("is refused as a trailer where it decides how the message is read", () => {
    for (const name of ["Authorization", "Set-Cookie", "Content-Type", "cache_control"])
      assert.equal(trailerName.safeParse(name).success, false, name);
    assert.equal(trailerName.safeParse("Server-Timing").success, true);
  });

  it("has a value that can stand on the wire", () => {
    const takes = (value: unknown) => headerChanges.safeParse({ set: { "X-A": value } }).success;
    for (const value of ["", "a", "max-age=63072000; includeSubDomains", "a\tb"])
      assert.equal(takes(value), true);
    for (const value of [" a", "a ", "a\r\nX-B: b", "a\nb", "a\0b", "é", 1, null])
      assert.equal(takes(value), false);
  });
});
