/** Chromium as somebody uses it: pages are opened, buttons pressed, files downloaded; over its DevTools protocol. */
import { spawn } from "node:child_process";
import { once } from "node:events";
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
  /** The text that stands in an element. */
  readonly textOf: (selector: string) => Promise<string>;
  /** Resolves when the next page has been loaded. */
  readonly loaded: () => Promise<unknown>;
  /** A question in the words of the DevTools protocol. */
  readonly ask: <Result = unknown>(method: string, params?: object) => Promise<Result>;
};

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
  return {
    ask,
    loaded: () => told("Page.loadEventFired"),
    async open(address) {
      const loaded = told("Page.loadEventFired");
      const go = () => ask<{ errorText?: string }>("Page.navigate", { url: address });
      let { errorText } = await go();
      // Somebody else's container came or went on this machine, and Chromium has dropped its connections.
      for (let again = 0; errorText === "net::ERR_NETWORK_CHANGED" && again < 5; again++)
        ({ errorText } = await go());
      if (errorText !== undefined) throw new Error(`${address}: ${errorText}`);
      await loaded;
    },
    async click(selector) {
      const { nodeId } = await find(selector);
      await ask("DOM.scrollIntoViewIfNeeded", { nodeId });
      const { model } = await ask<{ model: { content: readonly number[] } }>("DOM.getBoxModel", { nodeId });
      const [left = 0, top = 0, , , right = 0, bottom = 0] = model.content;
      const where = { x: (left + right) / 2, y: (top + bottom) / 2, button: "left", clickCount: 1 };
      await ask("Input.dispatchMouseEvent", { type: "mousePressed", ...where });
      await ask("Input.dispatchMouseEvent", { type: "mouseReleased", ...where });
    },
    async textOf(selector) {
      const { outerHTML } = await ask<{ outerHTML: string }>("DOM.getOuterHTML", await find(selector));
      return outerHTML.replace(/<[^>]+>/g, "").trim();
    },
  };
}

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
