import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dialects, type Certificate, type ClientIdentity, type Speech } from "@sallyport/identity";
import { noFacts } from "../testing/no-facts.ts";
import { inject, type Peer, type Speaking } from "./inject.ts";

const attribute = (type: string, value: string) => [{ type, value, der: undefined }];
const certificate: Certificate = {
  ...noFacts,
  subject: [attribute("2.5.4.6", "US"), attribute("2.5.4.3", "Grace Hopper")],
  issuer: [attribute("2.5.4.3", "Test Authority")],
  serialNumber: "01",
  notBefore: 0,
  notAfter: Infinity,
};
const grace: Peer = {
  identity: { verify: "SUCCESS", certificate },
  chain: [],
  tls: undefined,
  address: "192.0.2.1",
  scheme: "https",
};
const speech = (wanted: string): Speech[] =>
  dialects
    .filter(({ name }) => name === wanted)
    .map((dialect) => ({ dialect, variables: undefined, spelling: "as-is" }));
const speaking: Speaking = {
  prefix: "/flask/",
  prefixHeader: "X-Forwarded-Prefix",
  speeches: speech("ssl-client"),
  headLimit: 16_384,
  server: undefined,
  secret: undefined,
};
const peerWith = (identity: ClientIdentity): Peer => ({ ...grace, identity });

describe("inject", () => {
  it("writes who the client is, the secret and the addresses, and ends every line", () => {
    assert.equal(
      inject(grace, { ...speaking, secret: "s3cret" }, "localhost:8443"),
      [
        "SSL_CLIENT_S_DN: CN=Grace Hopper,C=US",
        "SSL_CLIENT_I_DN: CN=Test Authority",
        "SSL_CLIENT_VERIFY: SUCCESS",
        "Sallyport-Secret: s3cret",
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: localhost:8443",
        "X-Forwarded-Prefix: /flask",
        'Forwarded: for=192.0.2.1;host="localhost:8443";proto=https',
        "",
      ].join("\r\n"),
    );
  });

  it("writes no prefix for a route at /, and quotes an IPv6 address", () => {
    const lines = inject(
      { ...grace, address: "2001:db8::1", scheme: "http" },
      { ...speaking, prefix: "/" },
      "[::1]",
    );
    assert.doesNotMatch(lines, /Prefix/);
    assert.match(lines, /^X-Forwarded-For: 2001:db8::1\r$/m);
    assert.match(lines, /^Forwarded: for="\[2001:db8::1\]";host="\[::1\]";proto=http\r$/m);
  });

  it("tells no subject of a client that was not believed or presented nothing", () => {
    const expired = inject(
      peerWith({ verify: "FAILED", reason: "CERT_HAS_EXPIRED", certificate }),
      speaking,
      "h",
    );
    assert.match(expired, /^SSL_CLIENT_VERIFY: FAILED:CERT_HAS_EXPIRED\r$/m);
    assert.doesNotMatch(expired, /Grace|S_DN/);
    const nobody = inject(peerWith({ verify: "NONE" }), speaking, "h");
    assert.match(nobody, /^SSL_CLIENT_VERIFY: NONE\r$/m);
    assert.doesNotMatch(nobody, /S_DN/);
  });

  it("never lets a subject break out of its line", () => {
    const value = "x\r\nSSL_CLIENT_S_DN: CN=Grace Hopper\r\n\r\n\0é\u010d\u010a";
    const lines = inject(
      peerWith({
        verify: "SUCCESS",
        certificate: { ...certificate, subject: [attribute("2.5.4.3", value)] },
      }),
      { ...speaking, server: { ...certificate, subject: [attribute("2.5.4.11", value)] } },
      "h",
    );
    assert.match(lines, /^(?:[\x20-\x7e]+\r\n)+$/);
    assert.equal(lines.match(/^SSL_CLIENT_S_DN:/gm)?.length, 1);
  });

  it("refuses a subject that the route's dialect cannot carry, at every request", () => {
    const subject = [attribute("2.5.4.11", "x/CN=Grace Hopper"), attribute("2.5.4.3", "Mallory")];
    const mallory = peerWith({ verify: "SUCCESS", certificate: { ...certificate, subject } });
    const slashed = { ...speaking, speeches: speech("mod_ssl-legacy") };
    for (let at = 0; at < 2; at += 1) {
      assert.throws(() => inject(mallory, slashed, "h"), {
        name: "Refusal",
        code: "subject-ambiguous",
        status: 403,
      });
    }
    assert.match(inject(mallory, speaking, "h"), /CN=Mallory,OU=x\/CN=Grace Hopper\r/);
  });

  it("keeps connections, routes and hosts of one connection apart", () => {
    const cecilia = peerWith({
      verify: "SUCCESS",
      certificate: { ...certificate, subject: [attribute("2.5.4.3", "Cecilia Payne")] },
    });
    const other = { ...speaking, prefix: "/other/", speeches: speech("mod_ssl-legacy"), secret: "other" };
    for (let at = 0; at < 2; at += 1) {
      assert.match(inject(grace, speaking, "a"), /CN=Grace Hopper,C=US\r[^]*Host: a\r[^]*Prefix: \/flask\r/);
      assert.match(inject(cecilia, speaking, "a"), /CN=Cecilia Payne\r/);
      assert.match(
        inject(grace, other, "a"),
        /\/C=US\/CN=Grace Hopper\r[^]*Secret: other\r[^]*Prefix: \/other\r/,
      );
      assert.match(inject(grace, speaking, "b"), /CN=Grace Hopper,C=US\r[^]*Host: b\r/);
      assert.doesNotMatch(inject(grace, speaking, "b"), /Secret/);
    }
  });
});

it("an identity that leaves no room for the request is refused whole, never cut", () => {
  const subject = [attribute("2.5.4.10", "x".repeat(12_288)), attribute("2.5.4.3", "Grace Hopper")];
  const large = peerWith({ verify: "SUCCESS", certificate: { ...certificate, subject } });
  assert.throws(() => inject(large, speaking, "h"), { code: "identity-too-large", status: 403 });
  assert.match(
    inject(large, { ...speaking, headLimit: 32_768 }, "h"),
    /^SSL_CLIENT_S_DN: CN=Grace Hopper,O=x{12288}\r$/m,
  );
});
