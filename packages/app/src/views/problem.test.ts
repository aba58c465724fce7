import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it, type TestContext } from "node:test";
import express from "express";
import { pino } from "pino";
import { asBrowser, get, runningApp } from "../testing/running-app.ts";
import { serve } from "../testing/serve.ts";
import { visitor } from "../testing/visitor.ts";
import { StoreUnavailable } from "../store/index.ts";
import { answerError } from "./problem.ts";

describe("an unknown address is 404", () => {
  it("as text", async (context) => {
    const { status, headers, body } = await (await runningApp(context)).get("/<b>none</b>?<script>");
    assert.equal(status, 404);
    assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(
      body,
      "Hmmmm - I can't find that... There is no page at this address. It may have been mistyped.\n",
    );
  });

  it("as a page, with a way back under the prefix", async (context) => {
    const { status, body } = await (await runningApp(context)).get("/none", asBrowser);
    assert.equal(status, 404);
    assert.match(body, /<h1>Hmmmm - I can&#39;t find that\.\.\.<\/h1>[\s\S]*href="\/">Back</);
  });

  for (const accept of ["application/problem+json", "application/json"]) {
    it(`as problem details for ${accept}`, async (context) => {
      const { status, headers, body } = await (await runningApp(context)).get("/none", `Accept: ${accept}`);
      assert.equal(status, 404);
      assert.equal(headers.get("content-type"), "application/problem+json; charset=utf-8");
      assert.deepEqual(JSON.parse(body), {
        title: "Not Found",
        status: 404,
        detail: "Hmmmm - I can't find that... There is no page at this address. It may have been mistyped.",
      });
    });
  }
});

describe("a bug is 500", () => {
  async function failingApp(context: TestContext, fail: express.RequestHandler) {
    const log: string[] = [];
    const app = express();
    app.get("/", fail);
    app.use(answerError(pino({}, { write: (line: string) => log.push(line) })));
    const target = await serve(context, createServer(app));
    return {
      log,
      ask: (...lines: string[]) => get(target, "/?q=1", ...lines),
    };
  }

  for (const accept of ["Accept: */*", asBrowser, "Accept: application/json"]) {
    it(`its stack is in the log and nowhere else (${accept})`, async (context) => {
      const { log, ask } = await failingApp(context, () => {
        throw new Error("private detail");
      });
      const { status, body } = await ask(accept);
      assert.equal(status, 500);
      assert.match(body, /Something went horribly wrong!/);
      assert.ok(!/private detail|\.ts|at /.test(body), body);
      assert.equal(log.length, 1);
      const [, incident = "none"] = /incident(?: <code>|":"| )([0-9A-HJKMNP-TV-Z]{8})\b/.exec(body) ?? [];
      assert.equal(
        (JSON.parse(log[0] ?? "") as { incident: string }).incident,
        incident,
        "the log says the same",
      );
      assert.match(log[0] ?? "", /"stack":"Error: private detail\\n {4}at /);
    });
  }

  it("an answer that had begun is cut, not finished as if it were whole", async (context) => {
    const { log, ask } = await failingApp(context, async (_request, response) => {
      await new Promise((sent) => response.set("Content-Length", "100").write("half", sent));
      throw new Error("private detail");
    });
    const { body } = await ask();
    assert.equal(body, "half");
    assert.equal(log.length, 1);
  });
});

describe("a store that cannot be used now is 503, with when to try again", () => {
  for (const [trouble, sentence] of [
    ["busy", "The store is busy."],
    ["full", "The store has no room left."],
    ["away", "The store cannot be reached."],
  ] as const) {
    it(trouble, async (context) => {
      const app = express();
      app.use(() => {
        throw new StoreUnavailable(trouble, new Error("connect ECONNREFUSED 192.0.2.1:5432"));
      });
      app.use(answerError(pino({ level: "silent" })));
      const { status, headers, body } = await get(await serve(context, createServer(app)), "/", asBrowser);
      assert.deepEqual([status, headers.get("retry-after")], [503, "10"]);
      assert.ok(body.includes(`<h1>${sentence}</h1>`), body);
      assert.ok(!body.includes("ECONNREFUSED"));
    });
  }
});

it("a body that cannot be read is not called a bug", async (context) => {
  const app = await runningApp(context);
  const nobody = visitor(app.target);
  const { status } = await nobody.send("/login", {}, { "Content-Type": "application/x-www-form-urlencoded; charset=x" }); // prettier-ignore
  assert.equal(status, 415);
  assert.ok(!app.log.some((line) => line.includes('"level":50')), app.log.join());
});
