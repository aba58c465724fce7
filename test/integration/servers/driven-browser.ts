/** Chromium as somebody uses it: pages are opened, buttons pressed, files downloaded; over its DevTools protocol. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import { switchesFor } from "./browser.ts";
import { installed } from "./installed.ts";

export type DrivenBrowser = {
  /** Returns when the page has been loaded. */
  readonly open: (address: string) => Promise<void>;
  /** A real click in the middle of the first element that the selector finds. */
  readonly click: (selector: string) => Promise<void>;
  /** Such a click, and the page that it leads to. */
  readonly press: (selector: string) => Promise<void>;
  /** Types into a field, in the place of what is there. */
  readonly fill: (selector: string, text: string) => Promise<void>;
  /** The text that stands in an element. */
  readonly textOf: (selector: string) => Promise<string>;
  /** Where it is. */
  readonly address: () => Promise<string>;
  /** What accessibility rules say against the page (axe-core: WCAG 2.2 A and AA, best practices), a line each. */
  readonly violations: () => Promise<readonly string[]>;
  /** Through which window the pages are seen from now on. */
  readonly look: (look: Look) => Promise<void>;
  /** A PNG of the whole page. */
  readonly picture: () => Promise<Buffer>;
};

export type Look = { readonly width: number; readonly scheme: "light" | "dark" };

/** @param options.downloads the folder where files go without a question; scripts do not run in its pages */
export async function driveBrowser(
  context: TestContext,
  { home, downloads }: { readonly home: string; readonly downloads: string },
): Promise<DrivenBrowser> {
  const chromium = await installed("/usr/bin/chromium");
  const child = spawn(chromium, [...switchesFor(home), "--remote-debugging-port=0", "about:blank"], {
    env: { ...process.env, HOME: home },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a process group of its own: its renderers end with it
  });
  context.after(async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  const { ask, told } = await connectTo(await portOf(child.stderr), context);
  await ask("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  await ask("Emulation.setScriptExecutionDisabled", { value: true });
  await ask("Page.enable");
  const find = async (selector: string) => {
    const { root } = await ask<{ root: { nodeId: number } }>("DOM.getDocument");
    return ask<{ nodeId: number }>("DOM.querySelector", { nodeId: root.nodeId, selector });
  };
  const run = async <Value>(expression: string): Promise<Value> => {
    const { result, exceptionDetails } = await ask<Evaluated>("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }); // prettier-ignore
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value as Value;
  };
  const click = async (selector: string): Promise<void> => {
    const { nodeId } = await find(selector);
    await ask("DOM.scrollIntoViewIfNeeded", { nodeId });
    const { model } = await ask<{ model: { content: readonly number[] } }>("DOM.getBoxModel", { nodeId });
    const [left = 0, top = 0, , , right = 0, bottom = 0] = model.content;
    const where = { x: (left + right) / 2, y: (top + bottom) / 2, button: "left", clickCount: 1 };
    await ask("Input.dispatchMouseEvent", { type: "mousePressed", ...where });
    await ask("Input.dispatchMouseEvent", { type: "mouseReleased", ...where });
  };
  return {
    click,
    async press(selector) {
      const loaded = told("Page.loadEventFired");
      await click(selector);
      await loaded;
    },
    async fill(selector, words) {
      await ask("DOM.focus", await find(selector));
      await ask("Input.dispatchKeyEvent", { type: "keyDown", commands: ["selectAll"] });
      await ask("Input.insertText", { text: words });
    },
    address: () => run("location.href"),
    async violations() {
      await ask("Emulation.setScriptExecutionDisabled", { value: false });
      await run(await readFile(axe, "utf8"));
      const found = await run<readonly Violation[]>("axe.run().then(({ violations }) => violations)");
      await ask("Emulation.setScriptExecutionDisabled", { value: true });
      return found.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`)); // prettier-ignore
    },
    async look({ width, scheme }) {
      await ask("Emulation.setDeviceMetricsOverride", { width, height: 800, deviceScaleFactor: 1, mobile: width < 500 }); // prettier-ignore
      await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] }); // prettier-ignore
    },
    async picture() {
      const { data } = await ask<{ data: string }>("Page.captureScreenshot", { captureBeyondViewport: true });
      return Buffer.from(data, "base64");
    },
    async open(address) {
      const loaded = told("Page.loadEventFired");
      const { errorText } = await ask<{ errorText?: string }>("Page.navigate", { url: address });
      if (errorText !== undefined) throw new Error(`${address}: ${errorText}`);
      await loaded;
    },
    async textOf(selector) {
      const { outerHTML } = await ask<{ outerHTML: string }>("DOM.getOuterHTML", await find(selector));
      return outerHTML.replace(/<[^>]+>/g, "").trim();
    },
  };
}

type Evaluated = { readonly result: { readonly value?: unknown }; readonly exceptionDetails?: object };
type Violation = {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
};

const axe = new URL(import.meta.resolve("axe-core/axe.min.js"));

async function portOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(stderr)) {
    const [, port] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line) ?? [];
    if (port !== undefined) return port;
  }
  throw new Error("chromium ended before it listened");
}

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: object;
};

/** A connection to the one page: questions, and what it tells by itself. */
async function connectTo(port: string, context: TestContext) {
  const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const address = pages.find(({ type }) => type === "page")?.webSocketDebuggerUrl ?? "";
  const socket = new WebSocket(address);
  context.after(() => {
    socket.terminate();
  });
  await once(socket, "open");
  const next = (wanted: (message: Message) => boolean) =>
    new Promise<Message>((resolve) => {
      const listen = (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message;
        if (!wanted(message)) return;
        socket.off("message", listen);
        resolve(message);
      };
      socket.on("message", listen);
    });
  let count = 0;
  return {
    told: (method: string) => next((message) => message.method === method),
    ask: async <Result = unknown>(method: string, params: object = {}): Promise<Result> => {
      const id = (count += 1);
      const answer = next((message) => message.id === id);
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error } = await answer;
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
      return result as Result;
    },
  };
}
