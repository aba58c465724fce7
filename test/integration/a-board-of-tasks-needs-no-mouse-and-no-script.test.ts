/** Grace's board of tasks in Chromium, with her certificate, through the gateway: without scripts, by keyboard, on every screen. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startApp } from "../support/running-app.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { chooseWithoutAsking, createHome, importPerson } from "./servers/browser.ts";
import { driveBrowser, type DrivenBrowser } from "./servers/driven-browser.ts";
import { evaluate, faultsOf, lookAs, looks, picture } from "./servers/looked-at.ts";
import { startSallyport } from "./servers/sallyport.ts";
import { createSite, personNamed } from "./servers/site.ts";

/** Where pictures go for people to look at, when somebody wants them. */
const pictures = process.env["PICTURES"];

void test("a board of tasks", { timeout: 120_000 }, async (context) => {
  const site = await createSite(context);
  const { port: appPort, secretFile } = await startApp(context);
  const upstream = `http://127.0.0.1:${appPort}/`;
  const port = await startSallyport(context, site, upstream, { dialect: "ssl-client", secretFile });
  const board = `https://flask.local:${port}/flask/tasks`;
  const home = await createHome(context, site);
  await importPerson(home, site, await personNamed(site, "Grace Hopper"));
  await chooseWithoutAsking(context);
  const browser = await driveBrowser(context, { home, downloads: await tempFolder(context) });
  const { open, textOf } = browser;

  const isSound = async (name: string) => {
    for (const [look, each] of Object.entries(looks)) {
      await lookAs(browser, each);
      if (pictures !== undefined) await picture(browser, join(pictures, `${name}-${look}.png`));
      assert.deepEqual(await faultsOf(browser), [], `${name}, ${look}`);
    }
    await lookAs(browser, looks["desktop-light"] ?? assert.fail());
  };
  const columns = () =>
    evaluate<readonly (readonly string[])[]>(
      browser,
      `[...document.querySelectorAll(".board section")].map((column) => [...column.querySelectorAll("h3")].map((title) => title.textContent.trim()))`,
    );

  await context.test("is empty at first", async () => {
    await open(board);
    assert.deepEqual(await columns(), [[], [], []]);
    await isSound("empty");
  });

  await context.test("takes tasks, all by keyboard", async () => {
    for (const title of ["Compile the compiler", "Find the moth", "Explain a nanosecond"]) {
      await open(board);
      await reach(browser, "New task");
      await press(browser, "Enter");
      await reach(browser, "Title");
      await browser.ask("Input.insertText", { text: title });
      await press(browser, "Enter");
    }
    assert.deepEqual(await columns(), [["Compile the compiler", "Find the moth", "Explain a nanosecond"], [], []]);
    assert.equal(await textOf(".flashes li"), "“Explain a nanosecond” is on the board.");
  }); // prettier-ignore

  await context.test("moves them, and goes on where she was", async () => {
    await reach(browser, "Move “Find the moth” to Doing");
    await press(browser, "Enter");
    assert.deepEqual(await columns(), [["Compile the compiler", "Explain a nanosecond"], ["Find the moth"], []]);
    // the address says where she was: the next Tab goes on from there, without a way through the whole page
    await press(browser, "Tab", false);
    assert.equal(await focused(browser), "Find the moth");
    await reach(browser, "Move “Find the moth” to Done");
    await press(browser, "Enter");
    assert.deepEqual((await columns())[2], ["Find the moth"]);
    await reach(browser, "Move “Compile the compiler” to Doing");
    await press(browser, "Enter");
  }); // prettier-ignore

  await context.test("changes one, and says what is wrong beside the field", async () => {
    await reach(browser, "Explain a nanosecond");
    await press(browser, "Enter");
    await isSound("edit");
    await reach(browser, "Description");
    await browser.ask("Input.insertText", { text: "Thirty centimetres of wire,\nin everybody's hand." });
    // what no browser lets through by itself
    await evaluate(browser, `document.querySelector("#title").removeAttribute("maxlength"); document.querySelector("#title").value = "x".repeat(201)`); // prettier-ignore
    await reach(browser, "Save");
    await press(browser, "Enter");
    assert.equal(await textOf("#title-error"), "[must have at most 200 characters]");
    await isSound("wrong");
    await evaluate(browser, `document.querySelector("#title").value = "Explain a nanosecond"`);
    await reach(browser, "Save");
    await press(browser, "Enter");
    assert.match(await textOf(".board .text"), /^Thirty centimetres of wire,\nin everybody's hand\.$/);
    await isSound("board");
  });

  await context.test("deletes one", async () => {
    await reach(browser, "Find the moth");
    await press(browser, "Enter");
    await reach(browser, "Delete this task");
    await press(browser, "Enter");
    assert.deepEqual(await columns(), [["Explain a nanosecond"], ["Compile the compiler"], []]);
  });
});

/** The name that a screen reader would say of what has the focus. */
function focused(browser: DrivenBrowser): Promise<string> {
  return evaluate(
    browser,
    `(({ activeElement: here }) => (here.getAttribute("aria-label") ?? here.labels?.[0]?.textContent ?? here.textContent).trim())(document)`,
  );
}

/** Tab after Tab, until it has the focus. */
async function reach(browser: DrivenBrowser, name: string): Promise<void> {
  const met: string[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    await press(browser, "Tab", false);
    const here = await focused(browser);
    if (here === name) return;
    met.push(here);
  }
  assert.fail(`no Tab leads to ${name}, but to ${met.join(", ")}`);
}

const keys = {
  Tab: { code: "Tab", windowsVirtualKeyCode: 9 },
  Enter: { code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
} as const;

/** @param loads whether a page is to come of it */
async function press({ ask, loaded }: DrivenBrowser, key: keyof typeof keys, loads = true): Promise<void> {
  const comes = loads ? loaded() : undefined;
  await ask("Input.dispatchKeyEvent", { type: "keyDown", key, ...keys[key] });
  await ask("Input.dispatchKeyEvent", { type: "keyUp", key, code: keys[key].code });
  await comes;
}
