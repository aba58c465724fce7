import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sanitise } from "./sanitise.ts";

const host = ["Host", "localhost:8443"];
const linesOf = (rawHeaders: string[], connection?: string) =>
  sanitise([...host, ...rawHeaders], connection).lines;

describe("sanitise", () => {
  it("passes ordinary lines on as they came: spelling, order, repetition and odd octets", () => {
    const raw = [
      "accept",
      "*/*",
      "COOKIE",
      "a=b",
      "Cookie",
      "c=d",
      "X-Empty",
      "",
      "X-Odd",
      "caf\xc3\xa9\t\x80",
    ];
    assert.equal(
      linesOf(raw),
      "accept: */*\r\nCOOKIE: a=b\r\nCookie: c=d\r\nX-Empty: \r\nX-Odd: caf\xc3\xa9\t\x80\r\n",
    );
  });

  it("drops every forged identity, whatever its spelling and however often", () => {
    const forged = ["SSL_CLIENT_S_DN", "SSL-CLIENT-S-DN", "ssl.client.s.dn", "Ssl_Client-S.Dn", "HTTP_SSL_CLIENT_S_DN", "ssl_client_s_dn_cn", "SSL_CLIENT_CERT", "SSL_CLIENT_VERIFY", "SSL_SERVER_S_DN_OU", "X-SSL-Client-DN", "X-Forwarded-For", "X-Forwarded-Prefix", "Forwarded", "X-Forwarded-Client-Cert", "Client-Cert", "Remote-User", "REMOTE_USER", "Sallyport-Secret", "Proxy", "X-Real-IP"]; // prettier-ignore
    const raw = forged.flatMap((name) => [name, "/CN=Mallory", name, ""]);
    assert.equal(linesOf(["Accept", "*/*", ...raw, "X-Last", "1"]), "Accept: */*\r\nX-Last: 1\r\n");
  });

  it("drops what is hop-by-hop or frames the message", () => {
    const raw = ["Connection", "close", "Keep-Alive", "x", "TE", "trailers", "Trailer", "X", "Transfer-Encoding", "chunked", "Content-Length", "5", "Upgrade", "h2c", "HTTP2-Settings", "x", "Proxy-Authorization", "x", "Expect", "100-continue"]; // prettier-ignore
    assert.equal(linesOf(raw), "");
  });

  it("drops what Connection names, in every spelling, and nothing for the names every client sends", () => {
    const raw = ["X-Hop", "1", "x_hop", "2", "X-Stay", "3", "Cookie", "a"];
    assert.equal(linesOf(raw, "keep-alive, X-HOP,cookie ,, "), "X-Stay: 3\r\n");
    const all = "X-Hop: 1\r\nx_hop: 2\r\nX-Stay: 3\r\nCookie: a\r\n";
    for (const connection of [undefined, "", "close", "Keep-Alive", "upgrade", "keep-alive, Upgrade"]) {
      assert.equal(linesOf(raw, connection), all, connection);
    }
  });

  it("cannot be made to lose the Host or identity by Connection", () => {
    const { host: seen, lines } = sanitise(
      [...host, "SSL_CLIENT_S_DN", "CN=Mallory"],
      "host, SSL_CLIENT_S_DN",
    );
    assert.deepEqual([seen, lines], ["localhost:8443", ""]);
  });

  describe("the Host", () => {
    const good = ["localhost", "localhost:8443", "flask.local", "a_b.example", "127.0.0.1:1", "[::1]", "[::1]:8443", "[::ffff:127.0.0.1]", "xn--caf-dma.example", "a~b", "h:0", "H"]; // prettier-ignore
    for (const value of good) {
      it(`${value} is passed on as it is`, () => {
        assert.equal(sanitise(["Host", value], undefined).host, value);
      });
    }
    const bad = ["", " ", "a b", "a@b", "user:pass@b", "a/b", "a\\b", "a,b", "a:", "a:b", "a:123456", ":80", "[::1", "::1", "[]", "[::1]x", "[g::1]", "a%41", "café", "a\tb", "a?b", "a#b", 'a"b', "a;b", "a\x80", "http://a", "a:80:80"]; // prettier-ignore
    for (const value of bad) {
      it(`${JSON.stringify(value)} is refused`, () => {
        assert.throws(() => sanitise(["Host", value], undefined), { code: "host-invalid" });
      });
    }
    it("must be there exactly once, also when both lines agree", () => {
      assert.throws(() => sanitise(["Accept", "*/*"], undefined), { code: "host-invalid" });
      assert.throws(() => sanitise([...host, ...host], undefined), { code: "host-invalid" });
      assert.throws(() => sanitise([...host, "HOST", "evil"], undefined), { code: "host-invalid" });
    });
    it("is not taken from a name that merely folds to it", () => {
      assert.throws(() => sanitise(["HTTP_HOST", "localhost"], undefined), { code: "host-invalid" });
      assert.deepEqual(sanitise([...host, "Http-Host", "evil"], undefined), {
        host: "localhost:8443",
        lines: "",
      });
    });
  });

  it("takes 100 lines and refuses 101: none is cut off silently (CVE-2026-58044)", () => {
    const filler = (count: number) => Array.from({ length: count }, () => ["a", "1"]).flat();
    assert.equal(linesOf(filler(99)), "a: 1\r\n".repeat(99));
    assert.throws(() => linesOf(filler(100)), { code: "head-too-large" });
    assert.throws(() => linesOf([...filler(2000), "Content-Length", "5"]), { code: "head-too-large" });
  });

  it("leaves its input as it was", () => {
    const raw = Object.freeze([...host, "SSL_CLIENT_S_DN", "x", "A", "b"]);
    sanitise(raw, "a");
    assert.deepEqual(raw, [...host, "SSL_CLIENT_S_DN", "x", "A", "b"]);
  });
});
