/** In real Chromium without scripts, through the gateway: Grace and Cecilia write one journal, each with her certificate. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { startApp } from "../support/running-app.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { chooseWithoutAsking, createHome, importPerson } from "./servers/browser.ts";
import { driveBrowser, type DrivenBrowser } from "./servers/driven-browser.ts";
import { evaluate, faultsOf, lookAs, looks, picture } from "./servers/looked-at.ts";
import { startGateway } from "../support/running-gateway.ts";
import { createSite, personNamed } from "./servers/site.ts";

/** Where pictures go for people to look at, when somebody wants them. */
const pictures = process.env["PICTURES"];

void test("a journal", { timeout: 180_000 }, async (context) => {
  const [site, data] = [await createSite(context), await tempFolder(context)];
  const app = await startApp(context, { SALLYPORT_APP_DATA: data, SALLYPORT_APP_DEVELOPMENT: "1" });
  const { port } = await startGateway(context, {
    listen: [{ host: "127.0.0.1", port: 0, mode: "mutual", onBadCertificate: "explain" }],
    tls: { certificate: site.certificateFile, key: site.keyFile },
    clients: { authorities: [site.rootFile], presence: "optional" },
    backendSecret: { file: app.secretFile },
    routes: [{ prefix: "/flask/", upstream: `http://127.0.0.1:${app.port}/`, identity: ["ssl-client"] }],
  });
  const journal = `https://flask.local:${port}/flask`;
  await chooseWithoutAsking(context);

  /** @param name of the certificate in her browser */
  const person = async (inner: TestContext, name?: string): Promise<DrivenBrowser> => {
    const home = await createHome(inner, site);
    if (name !== undefined) await importPerson(home, site, await personNamed(site, name));
    return driveBrowser(inner, { home, downloads: home });
  };
  const isSound = async (browser: DrivenBrowser, name: string): Promise<void> => {
    for (const [look, each] of Object.entries(looks)) {
      await lookAs(browser, each);
      if (pictures !== undefined) await picture(browser, join(pictures, `${name}-${look}.png`));
      assert.deepEqual(await faultsOf(browser), [], `${name}, ${look}`);
    }
    await lookAs(browser, looks["desktop-light"] ?? assert.fail());
  };
  const press = async (browser: DrivenBrowser, selector: string): Promise<void> => {
    const loaded = browser.loaded();
    await browser.click(selector);
    await loaded;
  };
  const fill = async (browser: DrivenBrowser, selector: string, text: string): Promise<void> => {
    await evaluate(browser, `document.querySelector(${JSON.stringify(selector)}).select()`);
    await browser.ask("Input.insertText", { text });
  };
  const write = async (browser: DrivenBrowser, title: string, text: string): Promise<void> => {
    await fill(browser, "#title", title);
    await fill(browser, "#entry", text);
    await press(browser, "main form button");
  };
  const entries = (browser: DrivenBrowser) =>
    evaluate<readonly string[]>(browser, `[...document.querySelectorAll("article")].map((each) => each.querySelector("h3").textContent.trim() + " " + each.querySelector(".text").innerText)`); // prettier-ignore

  const [grace, cecilia] = [await person(context, "Grace Hopper"), await person(context, "Cecilia Payne")];

  await context.test("is read by nobody in particular, and says how to write", async (inner) => {
    const nobody = await person(inner);
    await nobody.open(`${journal}/`);
    assert.equal(await nobody.textOf("h1"), "Hello Unauthorized!");
    await isSound(nobody, "empty");
    await nobody.click("summary");
    assert.equal(await evaluate(nobody, `document.querySelector("details").open`), true);
    await isSound(nobody, "how-to-sign-in");
  });

  await context.test(
    "is written by Grace, with lines as she breaks them, and nothing she writes runs",
    async () => {
      await grace.open(`${journal}/`);
      assert.equal(await grace.textOf("h1"), "Hello Grace Hopper!");
      await press(grace, 'nav a[href="/flask/entry"]');
      await isSound(grace, "create");
      await write(grace, "A moth", "First actual case of bug being found.\n\n<script>alert(1)</script>");
      assert.equal(await evaluate(grace, "location.pathname"), "/flask/");
      assert.equal(await grace.textOf(".flashes"), "Your entry is now live!");
      assert.deepEqual(await entries(grace), ["A moth by Grace Hopper: First actual case of bug being found.\n\n<script>alert(1)</script>"]); // prettier-ignore
      await isSound(grace, "written");
    },
  );

  await context.test("is written by Cecilia, who cannot take a title that is taken, nor change what is Grace's", async () => {
    await cecilia.open(`${journal}/entry`);
    await write(cecilia, "a  MOTH", "What stars are made of.");
    assert.equal(await cecilia.textOf("#title-error"), "[Please use a different title.]");
    assert.equal(await evaluate(cecilia, `document.querySelector("#entry").value`), "What stars are made of.");
    await isSound(cecilia, "taken");
    await cecilia.click(".errors a");
    assert.equal(await evaluate(cecilia, "location.hash"), "#title");
    await fill(cecilia, "#title", "Stellar Atmospheres");
    await press(cecilia, "main form button");
    assert.equal((await entries(cecilia)).length, 2);
    assert.deepEqual(await evaluate(cecilia, `[...document.querySelectorAll("article a")].map((each) => each.getAttribute("aria-label"))`), ["Edit Stellar Atmospheres"]); // prettier-ignore
    await cecilia.open(`${journal}/entry/1`);
    assert.equal(await cecilia.textOf("h1"), "This entry is somebody else's.");
    await isSound(cecilia, "not-own");
  }); // prettier-ignore

  await context.test("is changed and deleted by whoever wrote it", async () => {
    await cecilia.open(`${journal}/`);
    await press(cecilia, "article a");
    await isSound(cecilia, "edit");
    await fill(cecilia, "#entry", "Hydrogen, mostly.");
    await press(cecilia, "main form button");
    assert.equal(await cecilia.textOf(".flashes"), "Your entry was changed.");
    assert.match((await entries(cecilia))[1] ?? "", /Hydrogen, mostly\.$/);
    await press(cecilia, "article a");
    await cecilia.click("details summary");
    await press(cecilia, "button.danger");
    assert.equal(await cecilia.textOf(".flashes"), "Your entry was deleted.");
    assert.equal((await entries(cecilia)).length, 1);
  });

  await context.test(
    "another site's page writes nothing, though Grace's certificate goes out by itself",
    async () => {
      const form = `<!doctype html><form method="post" action="${journal}/entry"><input name="title" value="Forged"><input name="entry" value="x"><button>Win a prize</button></form>`;
      await grace.open(`data:text/html,${encodeURIComponent(form)}`);
      await press(grace, "button");
      assert.match(await grace.textOf("main"), /came from another site/);
      await isSound(grace, "forged");
      await grace.open(`${journal}/`);
      assert.equal((await entries(grace)).length, 1);
    },
  );

  await context.test(
    "a form that is older than its session keeps what was typed, and is sent again",
    async () => {
      await grace.open(`${journal}/entry`);
      const database = new DatabaseSync(join(data, "app.sqlite"));
      database.exec("delete from sessions");
      database.close();
      await write(grace, "A nanosecond", "Thirty centimetres of wire.");
      assert.equal(await grace.textOf("h1"), "This form is no longer valid.");
      await evaluate(grace, "history.back()");
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.equal(
        await evaluate(grace, `document.querySelector("#entry").value`),
        "Thirty centimetres of wire.",
      );
      await grace.open(`${journal}/entry`);
      await write(grace, "A nanosecond", "Thirty centimetres of wire.");
      assert.equal((await entries(grace)).length, 2);
    },
  );

  await context.test("one browser, another person: nothing of Grace's is left", async (inner) => {
    const home = await createHome(inner, site);
    await importPerson(home, site, await personNamed(site, "Cecilia Payne"));
    const next = await driveBrowser(inner, { home, downloads: home });
    await grace.open(`${journal}/entry`);
    const { cookies } = await grace.ask<{ cookies: readonly { name: string; value: string }[] }>("Network.getCookies", { urls: [`${journal}/`] }); // prettier-ignore
    const [cookie] = cookies;
    assert.deepEqual(cookies.map(({ name }) => name), ["__Host-sallyport-app"]); // prettier-ignore
    await next.ask("Network.setCookie", { name: cookie?.name, value: cookie?.value, url: `${journal}/`, secure: true, path: "/" }); // prettier-ignore
    await next.open(`${journal}/`);
    assert.equal(await next.textOf("h1"), "Hello Cecilia Payne!");
    await next.open(`${journal}/entry`);
    const now = await next.ask<{ cookies: readonly { name: string; value: string }[] }>("Network.getCookies", { urls: [`${journal}/`] }); // prettier-ignore
    assert.notEqual(now.cookies[0]?.value, cookie?.value);
  });

  await context.test("what is not there and what went wrong look like the rest", async () => {
    await grace.open(`${journal}/none`);
    assert.equal(await grace.textOf("h1"), "Hmmmm - I can&#39;t find that...".replace("&#39;", "'"));
    await isSound(grace, "404");
    await grace.open(`${journal}/crashme`);
    assert.equal(await grace.textOf("h1"), "Something went horribly wrong!");
    await isSound(grace, "500");
  });

  await context.test("many pages of it can be turned", async () => {
    await grace.open(`${journal}/`);
    const database = new DatabaseSync(join(data, "app.sqlite"));
    const insert = database.prepare(
      "insert into entries (user_id, title, title_key, body, created) values (1, ?, ?, ?, ?)",
    );
    for (let number = 1; number <= 45; number++)
      insert.run(`Day ${number}`, `day ${number}`, "Some lines of text.\nAnd one more, so that there is something to read on this page.", 1_764_500_000_000 + number * 86_400_000); // prettier-ignore
    database.close();
    await grace.open(`${journal}/`);
    assert.equal((await entries(grace)).length, 20);
    await press(grace, 'a[rel="prev"]');
    await isSound(grace, "older");
    await press(grace, 'a[rel="next"]');
    assert.match((await entries(grace)).at(-1) ?? "", /^Day 45 /);
  });
});
