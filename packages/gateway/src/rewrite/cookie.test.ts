import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rewriteCookie } from "./cookie.ts";
import type { Mapping } from "./mapping.ts";

const flask: Mapping = { prefix: "/flask/", basePath: "/", authorities: ["backend.local:5000"] };
const based: Mapping = { ...flask, basePath: "/app/inner/" };
const host = "flask.local:8443";
const rewrite = (value: string, mapping: Mapping = flask) => rewriteCookie(value, { mapping, host });

type Table = readonly (readonly [value: string, expected: string])[];
const same = (...values: string[]): Table => values.map((value) => [value, value]);

describe("Set-Cookie", () => {
  const table: Table = [
    ["a=b; Path=/", "a=b; Path=/flask/"],
    ["a=b; path=/x; HttpOnly", "a=b; path=/flask/x; HttpOnly"],
    ["a=b;Path=/;Secure", "a=b;Path=/flask/;Secure"],
    ["a=b; Path = / ; Secure", "a=b; Path = /flask/ ; Secure"],
    ["a=b; Secure; PATH=/flask/; HttpOnly", "a=b; Secure; PATH=/flask/; HttpOnly"],
    ["a=b; Path=/flask", "a=b; Path=/flask"],
    ["__Secure-a=b; Path=/; Secure", "__Secure-a=b; Path=/flask/; Secure"],
    ["a=b; Domain=backend.local; Path=/", "a=b; Path=/flask/"],
    ["a=b; domain=.BACKEND.local", "a=b"],
    ...same(
      "__Host-a=b; Path=/; Secure",
      "a=b",
      "a=b; HttpOnly",
      "a=b; Path=",
      "a=b; Path=x",
      "path=/x",
      "a=path=/; Domain=flask.local",
      "a=b; Domain=example.com",
      "a=b; Domain=local",
      "a=b; Domain=notbackend.local",
      "domain=backend.local",
      "",
    ),
  ];
  for (const [value, expected] of table) {
    it(`${value || "(empty)"} -> ${expected}`, () => {
      assert.equal(rewrite(value), expected);
    });
  }

  it("with a base path: what is above it means the whole application", () => {
    for (const path of ["/", "/app", "/app/", "/app/inner/"])
      assert.equal(rewrite(`a=b; Path=${path}`, based), "a=b; Path=/flask/", path);
    assert.equal(rewrite("a=b; Path=/app/inner", based), "a=b; Path=/flask", "as Flask writes it");
    assert.equal(rewrite("a=b; Path=/app/inner/x", based), "a=b; Path=/flask/x");
    assert.equal(rewrite("a=b; Path=/other", based), "a=b; Path=/other");
    assert.equal(rewrite("a=b; Path=/ap", based), "a=b; Path=/ap");
  });
});
