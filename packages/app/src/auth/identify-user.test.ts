import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "node:test";
import express from "express";
import {
  asBrowser,
  get,
  grace,
  memoryStore,
  runningApp,
  secretLine,
  success,
} from "../testing/running-app.ts";
import { serve } from "../testing/serve.ts";
import { identifyUser } from "./identify-user.ts";

/** What the gateway might say, and what is to be made of it: the text answer and the logged code. */
const cases: Record<string, { lines: string[]; body?: string; code?: string; dialect?: string }> = {
  "one verified subject": { lines: [success, grace], body: "Hello Grace Hopper!\n" },
  "one verified subject in another spelling": {
    lines: ["ssl-client-verify: SUCCESS", "Ssl.Client.S.Dn: CN=Grace Hopper"],
    body: "Hello Grace Hopper!\n",
  },
  "a name beyond ASCII": {
    lines: [success, String.raw`SSL_CLIENT_S_DN: CN=Zo\C3\AB \E6\97\A5\E6\9C\AC`],
    body: "Hello Zoë 日本!\n",
  },
  "a name with a line break in it": {
    lines: [success, String.raw`SSL_CLIENT_S_DN: CN=Test\0ASubject`],
    body: "Hello Test\\u000ASubject!\n",
  },
  "a CN that looks like two": { lines: [success, String.raw`SSL_CLIENT_S_DN: CN=a\,CN=b`], body: "Hello a,CN=b!\n" },
  "the slash form, where that dialect is spoken": {
    lines: [success, "SSL_CLIENT_S_DN: /C=US/CN=Grace Hopper"],
    dialect: "mod_ssl-legacy",
    body: "Hello Grace Hopper!\n",
  },
  "UTF-8 in octets, where that dialect is spoken": {
    lines: [success, Buffer.from("SSL_CLIENT_S_DN: CN=Łukasz 山田").toString("latin1")],
    dialect: "mod_ssl",
    body: "Hello Łukasz 山田!\n",
  },
  "a user's name and no subject, where that dialect is spoken": {
    lines: ["Remote-User: Grace Hopper"],
    dialect: "remote-user",
    body: "Hello Grace Hopper!\n",
  },
  "no user's name in that dialect": { lines: [], dialect: "remote-user" },
  "another dialect than the route's": { lines: [success, grace], dialect: "remote-user" },
  "no certificate": { lines: ["SSL_CLIENT_VERIFY: NONE"] },
  "two subject lines": { lines: [success, grace, "SSL_CLIENT_S_DN: CN=Mallory"], code: "subject-repeated" },
  "the same subject line twice": { lines: [success, grace, grace], code: "subject-repeated" },
  "two spellings of the subject": {
    lines: [success, "SSL-CLIENT-S-DN: CN=Mallory", grace],
    code: "subject-repeated",
  },
  "a CGI spelling beside the subject": {
    lines: [success, grace, "HTTP_SSL_CLIENT_S_DN: CN=Mallory"],
    code: "subject-repeated",
  },
  "two verifications": { lines: [success, success, grace], code: "subject-repeated" },
  "no verification": { lines: [grace], code: "verification-missing" },
  "an empty verification": { lines: ["SSL_CLIENT_VERIFY:", grace], code: "verification-failed" },
  "verification NONE beside a subject": { lines: ["SSL_CLIENT_VERIFY: NONE", grace], code: "verification-failed" },
  "verification GENEROUS": { lines: ["SSL_CLIENT_VERIFY: GENEROUS", grace], code: "verification-failed" },
  "verification FAILED": { lines: ["SSL_CLIENT_VERIFY: FAILED:expired", grace], code: "verification-failed" },
  "verification in lower case": { lines: ["SSL_CLIENT_VERIFY: success", grace], code: "verification-failed" },
  "no subject": { lines: [success], code: "subject-missing" },
  "an empty subject": { lines: [success, "SSL_CLIENT_S_DN:"], code: "subject-missing" },
  "Apache's (null)": { lines: [success, "SSL_CLIENT_S_DN: (null)"], code: "name-malformed" },
  "no CN": { lines: [success, "SSL_CLIENT_S_DN: O=Test Subject"], code: "common-name-missing" },
  "an empty CN": { lines: [success, "SSL_CLIENT_S_DN: CN="], code: "common-name-missing" },
  "two CNs": { lines: [success, "SSL_CLIENT_S_DN: CN=Grace Hopper,CN=Mallory"], code: "common-name-repeated" },
  "two CNs in one RDN": { lines: [success, "SSL_CLIENT_S_DN: CN=Grace Hopper+CN=Mallory"], code: "common-name-repeated" },
  "a malformed name": { lines: [success, "SSL_CLIENT_S_DN: Grace Hopper"], code: "name-malformed" },
  "a name with a broken escape": { lines: [success, String.raw`SSL_CLIENT_S_DN: CN=Grace\C3`], code: "name-malformed" },
  "the slash form under ssl-client": { lines: [success, "SSL_CLIENT_S_DN: /C=US/CN=Grace Hopper"], code: "name-malformed" },
  "RFC 4514 text under mod_ssl-legacy": { lines: [success, grace], dialect: "mod_ssl-legacy", code: "name-malformed" },
}; // prettier-ignore

describe("from the gateway", () => {
  for (const [name, { lines, body = "Hello Unauthorized!", code, dialect }] of Object.entries(cases)) {
    it(`${name}: ${JSON.stringify(body)}`, async (context) => {
      const app = await runningApp(context, dialect);
      const answer = await app.get("/", secretLine, ...lines);
      assert.deepEqual([answer.status, answer.body], [200, body]);
      assert.deepEqual(
        app.log.map((line) => (JSON.parse(line) as { code: string }).code),
        code === undefined ? [] : [code],
      );
    });
  }
});

it("the reason stays in the log: an anonymous page is the same for each", async (context) => {
  const app = await runningApp(context);
  const pages = [
    await app.get("/", asBrowser, secretLine, "SSL_CLIENT_VERIFY: NONE"),
    await app.get("/", asBrowser, secretLine, "SSL_CLIENT_VERIFY: FAILED:expired", grace),
    await app.get("/", asBrowser, secretLine, success, grace, grace),
    await app.get("/", asBrowser),
  ];
  assert.equal(new Set(pages.map(({ body }) => body)).size, 1);
});

it("a strategy that stands without the trusted hop before it believes nobody", async (context) => {
  const app = express();
  app.use(
    identifyUser({ dialect: "ssl-client", store: await memoryStore(context), onDoubt: () => undefined }),
  );
  app.get("/", (request, response) => {
    response.json(request.user ?? null);
  });
  const target = await serve(context, createServer(app));
  const { body } = await get(target, "/", secretLine, success, grace);
  assert.equal(body, "null");
});
