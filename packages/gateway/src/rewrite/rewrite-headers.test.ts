import assert from "node:assert/strict";
import { it } from "node:test";
import type { Mapping } from "./mapping.ts";
import { rewriteHeaders } from "./rewrite-headers.ts";

const flask: Mapping = { prefix: "/flask/", basePath: "/", authorities: ["127.0.0.1:5000"] };
const host = "flask.local:8443";

it("maps these headers in any spelling, each line, and no other", () => {
  const headers = ["LOCATION", "/x", "Content-Location", "/x", "SourceMap", "/x", "Service-Worker-Allowed", "/", "set-cookie", "a=b; Path=/", "Set-Cookie", "c=d; Path=/", "Link", "</x>", "refresh", "0;/x", "Clear-Site-Data", '"cookies"', "X-Location", "/x", "constructor", "/x"]; // prettier-ignore
  assert.deepEqual(rewriteHeaders(headers, flask, host), [
    "LOCATION", "/flask/x", "Content-Location", "/flask/x", "SourceMap", "/flask/x", "Service-Worker-Allowed", "/flask/", "set-cookie", "a=b; Path=/flask/", "Set-Cookie", "c=d; Path=/flask/", "Link", "</flask/x>", "refresh", "0;/flask/x", "Clear-Site-Data", '"cookies"', "X-Location", "/x", "constructor", "/x",
  ]); // prettier-ignore
});

it("still knows its headers when more names have been seen than it remembers", () => {
  for (let at = 0; at < 1500; at += 1) rewriteHeaders([`X-Seen-${at}`, "/x"], flask, host);
  assert.deepEqual(rewriteHeaders(["LoCaTiOn", "/x"], flask, host), ["LoCaTiOn", "/flask/x"]);
});
