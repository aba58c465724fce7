/**
 * Names that Latin-1 or ASCII cannot hold cross the gateway and are themselves again behind it: in our own app under
 * Express, and in Flask, which both take header octets for Latin-1. Under a WSGI server that drops names with
 * underscores too, where the route spells them with hyphens.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Issued } from "@sallyport/certs";
import { startApp } from "../support/running-app.ts";
import { startFlask } from "./servers/flask.ts";
import { startSallyport, type SallyportOptions } from "./servers/sallyport.ts";
import { createSite, named, person, type Site } from "./servers/site.ts";
import { visit } from "./servers/visit.ts";

const fixture = "greet.py";

/** In UTF-8 some hold octets that a careless reader takes for a line break (85 in Åsa) or white space (A0 in Nicolà). */
const names = [
  "Grace Hopper",
  "Zoë",
  "Łukasz",
  "山田",
  "Åsa",
  "Nicolà",
  "Test 😀 Subject",
  `"Zoë", 山田 + \\ <a>`,
];

type Person = { readonly name: string; readonly as: Issued; readonly where: string };

/** Each name twice: within a longer subject, and as the whole of it, so that it stands at the end of the line. */
async function everybody(site: Site): Promise<Person[]> {
  const subjects = names.flatMap((name) => [
    { name, where: "in a longer subject", subject: named({ type: "CN", value: name }) },
    { name, where: "alone", subject: [{ type: "CN", value: name }] },
  ]);
  return Promise.all(
    subjects.map(async ({ subject, ...rest }) => ({ ...rest, as: await person(site, subject) })),
  );
}

async function greetsEverybody(context: TestContext, site: Site, port: number): Promise<void> {
  for (const { name, where, as } of await everybody(site)) {
    await context.test(`${name}, ${where}`, async () => {
      assert.deepEqual(await visit(site, port, { as }), { status: 200, body: `Hello ${name}!\n` });
    });
  }
}

async function secretIn(site: Site): Promise<{ secretFile: string; env: { GATEWAY_SECRET: string } }> {
  const secret = randomBytes(32).toString("hex");
  const secretFile = join(site.folder, "backend.secret");
  await writeFile(secretFile, secret, { mode: 0o600 });
  return { secretFile, env: { GATEWAY_SECRET: secret } };
}

for (const dialect of ["ssl-client", "mod_ssl"]) {
  void test(`Express, told in ${dialect}`, async (context) => {
    const site = await createSite(context);
    const { port: appPort, secretFile } = await startApp(context, { SALLYPORT_APP_DIALECT: dialect });
    const port = await startSallyport(context, site, `http://127.0.0.1:${appPort}/`, { dialect, secretFile });
    await greetsEverybody(context, site, port);
  });

  const spellings: [SallyportOptions["spelling"], string[]][] = [[undefined, []], ["hyphen", []], ["hyphen", ["--drop-underscores"]]]; // prettier-ignore
  for (const [spelling, words] of spellings) {
    void test(`Flask, told in ${dialect} ${spelling ?? "as it is"} ${words.join(" ")}`, async (context) => {
      const site = await createSite(context);
      const { secretFile, env } = await secretIn(site);
      const flask = await startFlask(context, { fixture, words, env });
      const options = { dialect, secretFile, ...(spelling && { spelling }) };
      const port = await startSallyport(context, site, flask, options);
      await greetsEverybody(context, site, port);
    });
  }
}

void test("what the hyphens are for: with underscores, nobody arrives at such a server", async (context) => {
  const site = await createSite(context);
  const { secretFile, env } = await secretIn(site);
  const flask = await startFlask(context, { fixture, words: ["--drop-underscores"], env });
  const port = await startSallyport(context, site, flask, { dialect: "ssl-client", secretFile });
  const as = await person(site, named({ type: "CN", value: "Grace Hopper" }));
  assert.deepEqual(await visit(site, port, { as }), { status: 200, body: "Hello Unauthorized!" });
});

void test("Flask believes nobody who comes straight to it", async (context) => {
  const flask = await startFlask(context, {
    fixture,
    env: { GATEWAY_SECRET: randomBytes(32).toString("hex") },
  });
  const headers = { "SSL-Client-Verify": "SUCCESS", "SSL-Client-S-DN": "CN=Grace Hopper" };
  assert.equal(await (await fetch(flask, { headers })).text(), "Hello Unauthorized!");
});

void test("what the README of packages/identity tells to Python is what runs here", async () => {
  const python = await readFile(join(import.meta.dirname, "fixtures", fixture), "utf8");
  const readme = await readFile(join(import.meta.dirname, "../../packages/identity/README.md"), "utf8");
  const [told] = /^import hmac\n[\s\S]*?(?=\n\n\n# )/m.exec(python) ?? [];
  assert.ok(told && readme.includes(`\n\`\`\`python\n${told}\n\`\`\`\n`));
});
