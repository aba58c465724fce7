/** From a link in a message to the greeting: Chromium without scripts, its own certificate store, the gateway, and our app behind it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startApp } from "../support/running-app.ts";
import { startEnrolment } from "../support/running-enrolment.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { browserAt, chooseWithoutAsking, createHome, importFile } from "./servers/browser.ts";
import { driveBrowser } from "./servers/driven-browser.ts";

void test("a person with a one-time link gets a certificate, and gets in with it", async (context) => {
  const { port, secretFile } = await startApp(context);
  const routes = [{ prefix: "/flask/", upstream: `http://127.0.0.1:${port}/` }];
  const desk = await startEnrolment(context, { secretFile, routes });
  const site = `https://flask.local:${desk.gateway.port}`;
  const [home, downloads] = [await createHome(context, desk), await tempFolder(context)];
  const link = `${site}/enrol/?token=${desk.invite("Grace Hopper").token}`;
  const file = join(downloads, "grace-hopper.p12");
  let password = "";

  await context.test("she opens it and presses the button", async (inner) => {
    const browser = await driveBrowser(inner, { home, downloads });
    await browser.open(link);
    assert.equal(await browser.textOf("h1"), "A certificate for Grace Hopper");
    assert.equal(await browser.textOf("h2"), "What to do in Chrome or Chromium on Linux");
    assert.ok(!existsSync(file));
    password = await browser.textOf(".password");
    await browser.click("button");
    await waitUntil(
      () => existsSync(file),
      () => "nothing was downloaded",
    );
    assert.equal(await browser.textOf(".password"), password, "the page stays");
    await browser.open(link);
    assert.equal(await browser.textOf("h1"), "The certificate for Grace Hopper was made");
    assert.equal(await browser.textOf(".password"), password);
  });

  await context.test("she imports the file, and is greeted", async (inner) => {
    await importFile(file, password, home);
    await chooseWithoutAsking(inner);
    const browser = await browserAt(home);
    assert.match(await browser.run("--dump-dom", `${site}/flask/`), /<title>[^<]*Hello Grace Hopper!/);
  });
});
