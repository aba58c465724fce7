import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { webSocketKey } from "./websocket.ts";

const sound = {
  method: "GET",
  httpVersion: "1.1",
  headers: {
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  },
};

describe("webSocketKey", () => {
  it("is the key of a sound handshake", () => {
    assert.equal(webSocketKey(sound), "dGhlIHNhbXBsZSBub25jZQ==");
    assert.ok(webSocketKey({ ...sound, headers: { ...sound.headers, upgrade: "WebSocket" } }));
  });

  const headers = (more: Record<string, string | undefined>) => ({
    ...sound,
    headers: { ...sound.headers, ...more },
  });
  const unsound = {
    "another method": { ...sound, method: "POST" },
    "HTTP/1.0": { ...sound, httpVersion: "1.0" },
    h2c: headers({ upgrade: "h2c" }),
    "h2c beside it": headers({ upgrade: "websocket, h2c" }),
    "h2c before it": headers({ upgrade: "h2c, websocket" }),
    "TLS/1.0": headers({ upgrade: "TLS/1.0" }),
    "no Upgrade": headers({ upgrade: undefined }),
    "another version": headers({ "sec-websocket-version": "8" }),
    "no version": headers({ "sec-websocket-version": undefined }),
    "no key": headers({ "sec-websocket-key": undefined }),
    "a short key": headers({ "sec-websocket-key": "YQ==" }),
    "two keys": headers({ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==" }),
    "a body by length": headers({ "content-length": "5" }),
    "a body by length of zero": headers({ "content-length": "0" }),
    "a body in chunks": headers({ "transfer-encoding": "chunked" }),
  };
  for (const [what, request] of Object.entries(unsound)) {
    it(`refuses ${what}: it would carry something past the line`, () => {
      assert.throws(() => webSocketKey(request), { name: "Refusal", code: "upgrade-unsupported" });
    });
  }
});
