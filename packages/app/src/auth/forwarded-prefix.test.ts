import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import { asBrowser, get, runningApp, secretLine } from "../testing/running-app.ts";
import { serve } from "../testing/serve.ts";
import { forwardedPrefix } from "./forwarded-prefix.ts";

const cases: [name: string, expected: string, ...lines: string[]][] = [
  ["at the root", ""],
  ["under a prefix", "/flask", "X-Forwarded-Prefix: /flask"],
  ["under a prefix with a slash at its end", "/flask", "X-Forwarded-Prefix: /flask/"],
  ["under a deep prefix", "/a/b-1/~c", "X-Forwarded-Prefix: /a/b-1/~c"],
  ["another site as prefix", "", "X-Forwarded-Prefix: //evil.test"],
  ["markup as prefix", "", 'X-Forwarded-Prefix: /"><script>'],
  ["a scheme as prefix", "", "X-Forwarded-Prefix: https://evil.test"],
  ["no slash at the start", "", "X-Forwarded-Prefix: flask"],
  ["two prefixes on one line", "", "X-Forwarded-Prefix: /flask, /evil"],
  ["two prefix lines", "", "X-Forwarded-Prefix: /flask", "X-Forwarded-Prefix: /evil"],
  ["two spellings", "", "X-Forwarded-Prefix: /flask", "X_FORWARDED_PREFIX: /flask"],
];

describe("links and the stylesheet stay under the mount point", () => {
  for (const [name, expected, ...lines] of cases) {
    it(`${name}: ${JSON.stringify(expected)}`, async (context) => {
      const app = await runningApp(context);
      const { body } = await app.get("/", asBrowser, secretLine, ...lines);
      assert.ok(body.includes(`<a class="mark" href="${expected}/">`), body);
      assert.match(body, new RegExp(`<link rel="stylesheet" href="${expected}/style-[0-9a-f]{12}\\.css">`));
    });
  }
});

it("a prefix that does not come from the gateway is ignored", async (context) => {
  const app = await runningApp(context);
  const { body } = await app.get("/", asBrowser, "X-Forwarded-Prefix: /evil");
  assert.ok(!body.includes("/evil"));
  assert.ok(body.includes('<a class="mark" href="/">'));
});

it("without the trusted hop before it there is no prefix at all", async (context) => {
  const server = createServer((request, response) => {
    response.setHeader("Prefix", JSON.stringify(forwardedPrefix(request))).end();
  });
  const { headers } = await get(await serve(context, server), "/", secretLine, "X-Forwarded-Prefix: /evil");
  assert.equal(headers.get("prefix"), '""');
});
