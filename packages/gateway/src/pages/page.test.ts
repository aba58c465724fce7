import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { ownAnswer } from "./own-answer.ts";
import { escapeHtml, page, preferredType } from "./page.ts";

describe("escapeHtml", () => {
  it("leaves no character that means something to HTML", () => {
    assert.equal(escapeHtml(`<a href="x" title='y'>&amp;</a>`), "&#60;a href=&#34;x&#34; title=&#39;y&#39;&#62;&#38;amp;&#60;/a&#62;"); // prettier-ignore
    assert.equal(escapeHtml("Grace Hopper, José 山田 🦆"), "Grace Hopper, José 山田 🦆");
    assert.equal(escapeHtml(""), "");
  });

  it("shows every control and every character that reorders or hides text", () => {
    const invisible = [0, 7, 9, 10, 13, 27, 0x7f, 0x85, 0x9f, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff]; // prettier-ignore
    for (const code of invisible) {
      assert.equal(escapeHtml(String.fromCharCode(code)), `\\u${code.toString(16).padStart(4, "0")}`);
    }
  });
});

describe("preferredType", () => {
  const cases: [accept: string | undefined, type: string][] = [
    [undefined, "problem"],
    ["", "problem"],
    ["*/*", "problem"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"],
    ["TEXT/HTML", "html"],
    ["application/xhtml+xml", "html"],
    ["application/json", "problem"],
    ["application/problem+json", "problem"],
    ["application/json, text/html", "html"],
    ["text/plain", "text"],
    ["text/plain, application/json", "problem"],
    ["text/htmlx", "problem"],
    ["image/png", "problem"],
    ["x".repeat(16_000), "problem"],
  ];
  for (const [accept, type] of cases) {
    it(`${String(accept).slice(0, 40)} -> ${type}`, () => {
      assert.equal(preferredType(accept, "problem"), type);
    });
  }

  it("leaves the choice to the caller where the client has none", () => {
    assert.equal(preferredType("*/*", "text"), "text");
  });
});

describe("a page", () => {
  it("runs nothing and loads nothing, and its one stylesheet is the one that the policy pins", () => {
    const html = page("Title & <more>", "<p>body</p>");
    assert.match(html, /<title>Title &#38; &#60;more&#62;<\/title>/);
    assert.doesNotMatch(html, /<script|<link|src=|url\(|@import|style=/i);
    const [, style = ""] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    const { headers } = ownAnswer(200, "html", html);
    const policy = headers[headers.indexOf("Content-Security-Policy") + 1] ?? "";
    assert.ok(policy.includes(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`));
  });
});
