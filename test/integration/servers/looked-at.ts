/** A page as people have it: large and small, light and dark, and what axe-core finds wrong with it. */
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { DrivenBrowser } from "./driven-browser.ts";

export type Look = { readonly width: number; readonly height: number; readonly scheme: "light" | "dark" };

export const looks: Readonly<Record<string, Look>> = {
  "desktop-light": { width: 1280, height: 800, scheme: "light" },
  "desktop-dark": { width: 1280, height: 800, scheme: "dark" },
  "phone-light": { width: 390, height: 844, scheme: "light" },
  "phone-dark": { width: 390, height: 844, scheme: "dark" },
  // 400 % of 1280: nothing may need scrolling sideways (WCAG 1.4.10)
  "very-narrow": { width: 320, height: 640, scheme: "light" },
};

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function lookAs({ ask }: DrivenBrowser, { width, height, scheme }: Look): Promise<void> {
  const isPhone = width < 500;
  await ask("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: isPhone });
  await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
}

/** What axe-core's rules for WCAG 2.2 A and AA and for good practice find, and what is wider than the window. */
export async function faultsOf(browser: DrivenBrowser): Promise<readonly string[]> {
  // axe waits by timers, which run only where scripts do; the page has none of its own.
  await browser.ask("Emulation.setScriptExecutionDisabled", { value: false });
  await evaluate(browser, `${axe}; undefined`);
  const found = await evaluate<readonly string[]>(
    browser,
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
  );
  await browser.ask("Emulation.setScriptExecutionDisabled", { value: true });
  const isTooWide = await evaluate<boolean>(browser, "document.documentElement.scrollWidth > document.documentElement.clientWidth"); // prettier-ignore
  return [...found, ...(isTooWide ? ["wider than the window"] : [])];
}

/** Asked by the debugger, so that it works where the page itself may run no script. */
export async function evaluate<Result>({ ask }: DrivenBrowser, expression: string): Promise<Result> {
  const { result, exceptionDetails } = await ask<{ result: { value: Result }; exceptionDetails?: object }>(
    "Runtime.evaluate",
    { expression, awaitPromise: true, returnByValue: true },
  );
  if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
  return result.value;
}

/** For people to look at: nothing is compared. */
export async function picture({ ask }: DrivenBrowser, file: string): Promise<void> {
  const { data } = await ask<{ data: string }>("Page.captureScreenshot", { format: "png", captureBeyondViewport: true }); // prettier-ignore
  await writeFile(file, Buffer.from(data, "base64"));
}
