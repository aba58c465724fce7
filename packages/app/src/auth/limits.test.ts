import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { it, type TestContext } from "node:test";
import express, { type ErrorRequestHandler } from "express";
import { get } from "../testing/running-app.ts";
import { serve } from "../testing/serve.ts";
import { figures, openLimits, succeeded, TooManyTries } from "./limits.ts";

/** `/login/NAME/right` and `/login/NAME/wrong` from any address, `/api/...` the same by another route. */
async function guarded(context: TestContext) {
  const limits = openLimits();
  const app = express();
  app.set("trust proxy", 1);
  const check: express.RequestHandler = (request, response) => {
    if (request.params["password"] === "right") succeeded(request);
    response.send("looked at");
  };
  const login = limits.login((request) => String(request.params["name"]));
  app.get("/login/:name/:password", login, check);
  app.get(
    "/api/:name/:password",
    limits.login((request) => String(request.params["name"])),
    check,
  );
  app.get("/register", limits.register, check);
  // Express knows an error handler by its fourth parameter.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  const answer: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(429).send(error instanceof TooManyTries ? String(error.retryAfter) : "a bug");
  };
  app.use(answer);
  const target = await serve(context, createServer(app));
  const ask = async (path: string, from: string) =>
    (await get(target, path, `X-Forwarded-For: ${from}`)).status;
  return {
    ask,
    times: async (count: number, path: string, from: (turn: number) => string) => {
      const statuses: number[] = [];
      for (let turn = 0; turn < count; turn += 1) statuses.push(await ask(path, from(turn)));
      return { all: new Set(statuses), last: statuses.at(-1) };
    },
    get: (path: string, from: string) => get(target, path, `X-Forwarded-For: ${from}`),
  };
}

const here = () => "192.0.2.1";
const everywhere = (turn: number) => `198.51.${Math.floor(turn / 200)}.${(turn % 200) + 1}`;

it("ten wrong passwords for one account from one address, and the next is not looked at, by whichever route", async (context) => {
  const { times, ask, get: asked } = await guarded(context);
  assert.deepEqual(await times(figures.loginByBoth.limit, "/login/grace/wrong", here), { all: new Set([200]), last: 200 }); // prettier-ignore
  const { status, body } = await asked("/login/grace/right", "192.0.2.1");
  assert.equal(status, 429);
  const seconds = Number(body.trim().split("\r\n").find((line) => /^\d+$/.test(line) && Number(line) > 10)); // prettier-ignore
  assert.ok(seconds > 890 && seconds <= 900, body);
  assert.equal(await ask("/api/grace/right", "192.0.2.1"), 429);
  assert.equal(await ask("/login/cecilia/right", "192.0.2.1"), 200); // somebody else at the same address
  assert.equal(await ask("/login/grace/right", "192.0.2.2"), 200); // she herself, somewhere else
});

it("thirty wrong passwords from one address, whoever they are for", async (context) => {
  const { ask } = await guarded(context);
  for (let turn = 0; turn < figures.loginByAddress.limit; turn += 1) {
    assert.equal(await ask(`/login/person${String(turn)}/wrong`, "192.0.2.1"), 200);
  }
  assert.equal(await ask("/login/somebody/right", "192.0.2.1"), 429);
  assert.equal(await ask("/login/somebody/right", "192.0.2.2"), 200);
});

it("addresses of one IPv6 site are one address", async (context) => {
  const { times, ask } = await guarded(context);
  await times(figures.loginByBoth.limit, "/login/grace/wrong", (turn) => `2001:db8:0:${String(turn)}::1`);
  assert.equal(await ask("/login/grace/right", "2001:db8:0:ff::2"), 429);
  assert.equal(await ask("/login/grace/right", "2001:db8:1::1"), 200);
});

it("right passwords are no tries", async (context) => {
  const { times } = await guarded(context);
  assert.deepEqual((await times(figures.loginByAddress.limit + 5, "/login/grace/right", here)).all, new Set([200])); // prettier-ignore
});

it("a crowd that guesses one password from everywhere is held up, and shuts nobody out where she has signed in before", async (context) => {
  const { times, ask } = await guarded(context);
  assert.equal(await ask("/login/grace/right", "192.0.2.7"), 200);
  const { all } = await times(figures.loginByAccount.limit, "/login/grace/wrong", everywhere);
  assert.deepEqual(all, new Set([200]));
  assert.equal(await ask("/login/grace/right", "203.0.113.1"), 429);
  assert.equal(await ask("/login/grace/right", "192.0.2.7"), 200);
  // and nobody guesses on from there either
  await times(figures.loginByBoth.limit, "/login/grace/wrong", () => "192.0.2.7");
  assert.equal(await ask("/login/grace/right", "192.0.2.7"), 429);
});

it("twenty accounts from one address in an hour", async (context) => {
  const { times, ask } = await guarded(context);
  assert.equal((await times(figures.register.limit, "/register", here)).last, 200);
  assert.equal(await ask("/register", "192.0.2.1"), 429);
  assert.equal(await ask("/register", "192.0.2.2"), 200);
});

it("the figures are those of docs/accounts.md", () => {
  const page = readFileSync(new URL("../../../../docs/accounts.md", import.meta.url), "utf8");
  const table = [...page.matchAll(/^\| (?:wrong|accounts).*\| (\d+) +\| (\d+) minutes \|$/gm)];
  const told = table.map(([, limit, minutes]) => [Number(limit), Number(minutes) * 60_000]);
  const { loginByAddress, loginByBoth, loginByAccount, register, confirm, familiar } = figures;
  const counted = [loginByAddress, loginByBoth, loginByAccount, register, confirm];
  assert.deepEqual(told, counted.map(({ limit, windowMs }) => [limit, windowMs])); // prettier-ignore
  assert.ok(page.includes(`for ${familiar.windowMs / 86_400_000} days after a sign-in`));
});
