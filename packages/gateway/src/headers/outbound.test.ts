import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { outboundHead } from "./outbound.ts";

const sanitised = { host: "localhost", lines: "Accept: */*\r\n" };
const none = { body: "none", line: "" } as const;
const injected = "SSL_CLIENT_S_DN: CN=Grace Hopper\r\n";

describe("outboundHead", () => {
  it("is one head: the client's lines, our framing, and what is injected last", () => {
    const length = { body: "length", line: "Content-Length: 5\r\n" } as const;
    assert.equal(
      outboundHead("POST", "/x?y", sanitised, length, false, injected, 16_384),
      "POST /x?y HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Length: 5\r\nSSL_CLIENT_S_DN: CN=Grace Hopper\r\n\r\n",
    );
  });

  it("names hop-by-hop lines only for a WebSocket", () => {
    assert.doesNotMatch(
      outboundHead("GET", "/", sanitised, none, false, injected, 16_384),
      /Connection|Upgrade/,
    );
    assert.match(
      outboundHead("GET", "/", sanitised, none, true, injected, 16_384),
      /\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSSL_CLIENT_S_DN: [^\r]+\r\n\r\n$/,
    );
  });

  it("is refused when the gateway's own lines make it larger than a backend takes, never cut", () => {
    const bare = outboundHead("GET", "/", { ...sanitised, lines: "" }, none, false, injected, 16_384).length;
    const fill = (octets: number) => ({ ...sanitised, lines: "x".repeat(octets) });
    assert.equal(outboundHead("GET", "/", fill(16_384 - bare), none, false, injected, 16_384).length, 16_384);
    assert.throws(() => outboundHead("GET", "/", fill(16_385 - bare), none, false, injected, 16_384), {
      code: "head-too-large",
      status: 431,
    });
  });
});
