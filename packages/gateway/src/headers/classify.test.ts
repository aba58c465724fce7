import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { classify } from "./classify.ts";

describe("classify", () => {
  it("drops whatever is hop-by-hop, frames the message or is answered here, in every spelling that folds alike", () => {
    const names = ["Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Content-Length", "Upgrade", "HTTP2-Settings", "Expect"]; // prettier-ignore
    for (const name of names) {
      for (const form of [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll("-", "_"), name.replaceAll("-", "."), `HTTP_${name}`]) {
        assert.equal(classify(form), "drop", form);
      } // prettier-ignore
    }
  });

  it("takes only the real Host for the Host; names that fold to it are dropped", () => {
    for (const name of ["Host", "host", "HOST"]) assert.equal(classify(name), "host");
    for (const name of ["HTTP_HOST", "Http-Host", "http.host"]) assert.equal(classify(name), "drop");
  });

  it("drops identity in every spelling", () => {
    for (const name of ["SSL_CLIENT_S_DN", "ssl-client-s-dn", "Ssl.Client.S.Dn", "HTTP_SSL_CLIENT_VERIFY", "X-Forwarded-For", "Forwarded", "Remote-User", "Proxy", "Sallyport-Secret", "Client-Cert"])
      assert.equal(classify(name), "drop", name); // prettier-ignore
  });

  it("forwards the rest, odd names included", () => {
    for (const name of ["Cookie", "Authorization", "Content-Type", "Sec-WebSocket-Key", "X-Custom", "__proto__", "constructor", "hasOwnProperty", "!#$%&'*+.^_`|~"])
      assert.equal(classify(name), "forward", name); // prettier-ignore
  });

  it("still judges rightly when more names have been seen than it remembers", () => {
    for (let at = 0; at < 3000; at += 1) assert.equal(classify(`X-Name-${at}`), "forward");
    assert.equal(classify("Ssl-CLIENT-s-Dn"), "drop");
    assert.equal(classify("hOsT"), "host");
    assert.equal(classify("X-Name-2999"), "forward");
  });
});
