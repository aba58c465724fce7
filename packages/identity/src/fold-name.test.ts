import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "./testing/cpu-time.ts";
import { foldName } from "./fold-name.ts";

describe("foldName gives one name to everything that some backend reads as one name", () => {
  const spellings = [
    "SSL_CLIENT_S_DN",
    "SSL-CLIENT-S-DN",
    "ssl.client.s.dn",
    "Ssl-Client_S.Dn",
    "ssl!client#s$dn",
    "ssl~client*s`dn",
    "ssl'client|s^dn",
    "HTTP_SSL_CLIENT_S_DN",
    "Http-Ssl-Client-S-Dn",
    "HTTP_HTTP_SSL_CLIENT_S_DN",
    "HTTP__HTTP_SSL_CLIENT_S_DN",
    "_HTTP_SSL_CLIENT_S_DN",
  ];
  for (const spelling of spellings) {
    it(spelling, () => {
      assert.equal(foldName(spelling), "ssl_client_s_dn");
    });
  }

  it("and keeps different names different", () => {
    assert.notEqual(foldName("SSLCLIENTSDN"), foldName("SSL_CLIENT_S_DN"));
    assert.notEqual(foldName("X-Custom-1"), foldName("X-Custom-2"));
    assert.equal(foldName("X-HTTP-Method-Override"), "x_http_method_override");
    assert.equal(foldName("__proto__"), "__proto__");
  });

  it("not late, however long the name", () => {
    for (const part of ["_", "http_", "_http", "-", "HTTP__"]) {
      const started = cpuTime();
      foldName(part.repeat(16_384 / part.length));
      assert.ok(cpuTime() - started < 200, part);
    }
  });
});
