import assert from "node:assert/strict";
import { it } from "node:test";
import { asBrowser, runningApp } from "./testing/running-app.ts";

it("/health answers without an identity", async (context) => {
  const { status, headers, body } = await (await runningApp(context)).get("/health");
  assert.deepEqual([status, body], [200, '{"status":"ok"}']);
  assert.equal(headers.get("cache-control"), "private, no-store");
});

it("a page may load its own stylesheet and nothing else, and cannot be framed", async (context) => {
  const { headers } = await (await runningApp(context)).get("/", asBrowser);
  assert.equal(
    headers.get("content-security-policy"),
    "default-src 'none';style-src 'self';img-src data:;form-action 'self';base-uri 'none';frame-ancestors 'none'",
  );
  assert.equal(headers.get("x-frame-options"), "DENY");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("strict-transport-security"), undefined);
  assert.equal(headers.get("x-powered-by"), undefined);
});

it("the stylesheet that a page names is served, is small and may be kept", async (context) => {
  const app = await runningApp(context);
  const page = await app.get("/", asBrowser);
  const [, path = ""] = /<link rel="stylesheet" href="([^"]+)">/.exec(page.body) ?? [];
  const { status, headers, body } = await app.get(path);
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.ok(Buffer.byteLength(body) < 8192);
  assert.match(body, /color-scheme: light dark/);
});

it("a page makes no request beyond its own stylesheet and runs no script", async (context) => {
  const { body } = await (await runningApp(context)).get("/", asBrowser);
  assert.ok(!/<script|<img|<iframe|style=|\bon\w+=/i.test(body));
  assert.deepEqual(body.match(/(?:src|href)="(?!\/|data:)[^"]*"/g), null);
});
