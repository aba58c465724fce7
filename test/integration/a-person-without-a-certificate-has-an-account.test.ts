/** In real Chromium without scripts, through the gateway: a password in a public route, forged forms, a session that ended. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { startApp } from "../support/running-app.ts";
import { startGateway } from "../support/running-gateway.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { chooseWithoutAsking, createHome, importPerson } from "./servers/browser.ts";
import { driveBrowser, type DrivenBrowser } from "./servers/driven-browser.ts";
import { evaluate, faultsOf, lookAs, looks } from "./servers/looked-at.ts";
import { createSite, personNamed } from "./servers/site.ts";

const password = "a nanosecond is this long";

/** A page of no site of ours, which sends a form to ours when its button is pressed. */
function evilPage(action: string): string {
  const page = `<!doctype html><form method="post" action="${action}"><input name="current" value="${password}"><button>Win a prize</button></form>`; // prettier-ignore
  return `data:text/html,${encodeURIComponent(page)}`;
}

async function isSound(browser: DrivenBrowser): Promise<void> {
  for (const [name, look] of Object.entries(looks)) {
    if (name === "desktop-dark" || name === "phone-light") continue; // what they could find, the others do
    await lookAs(browser, look);
    assert.deepEqual(await faultsOf(browser), [], `${await addressOf(browser)} ${name}`);
  }
}

function addressOf(browser: DrivenBrowser): Promise<string> {
  return evaluate(browser, "location.href");
}

/** A click, and the page that it leads to. */
async function press(browser: DrivenBrowser, selector: string): Promise<void> {
  const loaded = browser.loaded();
  await browser.click(selector);
  await loaded;
}

/** Types into fields, in the place of what is there. */
async function fillIn({ ask }: DrivenBrowser, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [selector, text] of Object.entries(fields)) {
    const { root } = await ask<{ root: { nodeId: number } }>("DOM.getDocument");
    await ask(
      "DOM.focus",
      await ask<{ nodeId: number }>("DOM.querySelector", { nodeId: root.nodeId, selector }),
    );
    await ask("Input.dispatchKeyEvent", { type: "keyDown", commands: ["selectAll"] });
    await ask("Input.insertText", { text });
  }
}

void test("a person without a certificate has an account", { timeout: 120_000 }, async (context) => {
  const [site, data] = [await createSite(context), await tempFolder(context)];
  const app = await startApp(context, { SALLYPORT_APP_DATA: data });
  const { port } = await startGateway(context, {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual", onBadCertificate: "explain" }],
    tls: { certificate: site.certificateFile, key: site.keyFile },
    clients: { authorities: [site.rootFile], presence: "optional" },
    backendSecret: { file: app.secretFile },
    routes: [{ prefix: "/flask/", upstream: `http://127.0.0.1:${app.port}/`, identity: ["ssl-client"] }],
  });
  const flask = `https://flask.local:${port}/flask`;
  const home = await createHome(context, site);
  const ada = await driveBrowser(context, { home, downloads: home });
  const signIn = async () => {
    await fillIn(ada, { "#username": "Ada", "#password": password });
    await press(ada, "main button");
  };

  await context.test("she is led to the login page, and from there signs up", async () => {
    await ada.open(`${flask}/account`);
    assert.equal(await addressOf(ada), `${flask}/login?next=%2Faccount`);
    assert.equal(await ada.textOf(".flashes"), "Please log in to access this page.");
    await isSound(ada);
    await press(ada, 'main a[href="/flask/register"]');
    await isSound(ada);
    await fillIn(ada, { "#username": "Ada", "#password": "password1", "#password2": password });
    await press(ada, "main button");
    assert.match(await ada.textOf("#password-error"), /one of the most common/);
    assert.equal(await ada.textOf("#password2-error"), "[Field must be equal to password.]");
    await isSound(ada);
    await fillIn(ada, { "#password": password, "#password2": password });
    await press(ada, "main button");
    assert.equal(await addressOf(ada), `${flask}/login`);
    assert.equal(await ada.textOf(".flashes"), "Congratulations, you are now a registered user!");
  }); // prettier-ignore

  await context.test("she signs in, and finds every page of her account sound", async () => {
    await ada.open(`${flask}/account`);
    await signIn();
    assert.equal(await addressOf(ada), `${flask}/account`);
    assert.equal(await ada.textOf(".flashes"), "Welcome back Ada!");
    for (const path of ["/account", "/account/password", "/account/delete", "/logout"]) {
      await ada.open(`${flask}${path}`);
      await isSound(ada);
    }
  });

  await context.test("another site's page cannot delete her account", async () => {
    await ada.open(evilPage(`${flask}/account/delete`));
    await press(ada, "button");
    assert.equal(await ada.textOf("h1"), "This request came from another site.");
    await isSound(ada);
    await ada.open(`${flask}/account`);
    assert.equal(await ada.textOf("h1"), "Your account");
  });

  await context.test(
    "a form of a session that has ended says what to do, and she signs in again",
    async () => {
      await ada.open(`${flask}/account/password`);
      const [file = ""] = (await readdir(data)).filter((name) => /\.(?:sqlite|db)/.test(name)).toSorted();
      const database = new DatabaseSync(join(data, file));
      database.exec("delete from sessions");
      database.close();
      await fillIn(ada, { "#current": password, "#password": password, "#password2": password });
      await press(ada, "main button");
      assert.equal(await ada.textOf("h1"), "This form is no longer valid.");
      await isSound(ada);
      await ada.open(`${flask}/account/password`);
      await signIn();
      assert.equal(await addressOf(ada), `${flask}/account/password`);
    },
  );

  await context.test("she logs out, and going back shows nothing of hers", async () => {
    await ada.open(`${flask}/logout`);
    await press(ada, "main button");
    assert.equal(await ada.textOf(".flashes"), "Goodbye Ada!");
    await ada.open(`${flask}/account`);
    assert.equal(await ada.textOf("h1"), "User Login");
  });

  await context.test("another site's page cannot delete Grace's account, though her certificate goes out by itself", async (inner) => {
    const hers = await createHome(inner, site);
    await importPerson(hers, site, await personNamed(site, "Grace Hopper"));
    await chooseWithoutAsking(inner);
    const grace = await driveBrowser(inner, { home: hers, downloads: hers });
    await grace.open(`${flask}/account`);
    assert.match(await grace.textOf("dl"), /client certificate/);
    await isSound(grace);
    await grace.open(evilPage(`${flask}/account/delete`));
    await press(grace, "button");
    assert.equal(await grace.textOf("h1"), "This request came from another site.");
    await grace.open(`${flask}/logout`);
    assert.equal(await grace.textOf("h1"), "There is nothing to log out of");
    await isSound(grace);
    await grace.open(`${flask}/account/delete`);
    await isSound(grace);
    await press(grace, "main button");
    assert.equal(await grace.textOf("h1"), "Your account is deleted");
    await isSound(grace);
  }); // prettier-ignore
});
