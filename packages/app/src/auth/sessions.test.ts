import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import express from "express";
import { sessionTable } from "../store/index.ts";
import { memoryStore, runningApp } from "../testing/running-app.ts";
import { serve } from "../testing/serve.ts";
import { visitor } from "../testing/visitor.ts";
import { appKeys, type AppKeys } from "./app-keys.ts";
import { SessionStore } from "./session-store.ts";
import { sessionOf, sessions } from "./sessions.ts";

const grace = "CN=Grace Hopper,ST=Virginia,C=US";
const cecilia = "CN=Cecilia Payne,ST=Virginia,C=US";

describe("the cookie", () => {
  it("is the host's alone, over TLS, unseen by scripts, and goes to whoever needs one", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target, { subject: grace });
    assert.equal((await person.open("/")).headers["set-cookie"], undefined);
    const [line = ""] = (await person.open("/entry")).headers["set-cookie"] ?? [];
    const [pair = "", ...attributes] = line.split("; ");
    assert.match(pair, /^__Host-sallyport-app=s%3A/);
    assert.deepEqual(attributes.map((each) => each.replace(/^Expires=.*/, "Expires=")).toSorted(), ["Expires=", "HttpOnly", "Path=/", "SameSite=Lax", "Secure"]); // prettier-ignore
  });

  it("is not sent where it could be read on its way", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target, { subject: grace });
    const { status, headers } = await person.open("/entry", { "X-Forwarded-Proto": "http" });
    assert.deepEqual([status, headers["set-cookie"]], [200, undefined]);
  });

  it("that was changed is an empty session", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target, { subject: grace });
    await person.fillIn("/entry", { title: "t", entry: "e" });
    const { cookie = "" } = person;
    const at = cookie.length - 5;
    person.cookie = cookie.slice(0, at) + (cookie[at] === "A" ? "B" : "A") + cookie.slice(at + 1);
    assert.ok(!(await person.open("/")).body.includes("now live"));
    person.cookie = cookie;
    assert.ok((await person.open("/")).body.includes("now live"));
  });
});

it("a cookie outlives a change of the app's secret, as long as the one before is named", async (context) => {
  const records = sessionTable((await memoryStore(context)).db);
  const [before, now] = [appKeys(Buffer.alloc(32, 1)), appKeys(Buffer.alloc(32, 2))];
  const behind = async (keys: AppKeys, previousKeys: readonly AppKeys[] = []) => {
    const app = express();
    app.set("trust proxy", 1);
    app.use(sessions(new SessionStore(records, (error) => assert.fail(String(error))), keys, previousKeys));
    app.get("/", (request, response) => {
      const count = Number(request.session.userAgent ?? "0") + 1;
      sessionOf(request).userAgent = String(count);
      response.send(String(count));
    });
    return visitor(await serve(context, createServer(app)));
  };
  const first = await behind(before);
  assert.equal((await first.open("/")).body, "1");
  for (const [next, expected] of [
    [await behind(now, [before]), "2"],
    [await behind(now), "1"],
  ] as const) {
    next.cookie = first.cookie;
    assert.equal((await next.open("/")).body, expected);
  }
});

describe("a session", () => {
  it("of one person is nothing to the next one in the same browser", async (context) => {
    const app = await runningApp(context);
    const first = visitor(app.target, { subject: grace });
    await first.fillIn("/entry", { title: "t", entry: "e" });
    const next = visitor(app.target, { subject: cecilia });
    next.cookie = first.cookie;
    assert.ok(!(await next.open("/")).body.includes("now live"));
    // and it is gone for the first as well: the certificate has dropped it
    assert.ok(!(await first.open("/")).body.includes("now live"));
    const { rows } = await app.store.db.selectFrom("sessions").select((of) => of.fn.countAll<number>().as("rows")).executeTakeFirstOrThrow(); // prettier-ignore
    assert.equal(rows, 0);
  });

  it("that a certificate began is nobody without the certificate", async (context) => {
    const app = await runningApp(context);
    const person = visitor(app.target, { subject: grace });
    await person.fillIn("/entry", { title: "t", entry: "e" });
    const nobody = visitor(app.target);
    nobody.cookie = person.cookie;
    const { body } = await nobody.open("/");
    assert.ok(body.includes("Hello Unauthorized!") && !body.includes("now live"));
  });

  it("from before somebody came with a certificate is not theirs", async (context) => {
    const app = await runningApp(context);
    const nobody = visitor(app.target);
    await nobody.open("/entry"); // a flash
    const person = visitor(app.target, { subject: grace });
    person.cookie = nobody.cookie;
    assert.ok(!(await person.open("/")).body.includes("Please log in"));
  });
});
