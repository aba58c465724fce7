/** A small server of its own for metrics and probes. Plain HTTP, and never on a port that clients of the gateway reach. */
import { createServer, type ServerResponse } from "node:http";
import { ownAnswer } from "../pages/own-answer.ts";
import type { Address } from "./listener.ts";

export type PlainListener = {
  readonly address: Address;
  /** Ends at once, whoever is being answered included. */
  readonly close: () => Promise<void>;
};

export type PlainAnswer = {
  readonly status: number;
  readonly body: string;
  /** Content-Type; plain text, unless given. */
  readonly type?: string;
};

/** What is answered at a path, by whatever finds it out. */
export type PlainPages = Readonly<Record<string, () => Promise<PlainAnswer>>>;

const limits = {
  insecureHTTPParser: false,
  maxHeaderSize: 8_192,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  // Longer than the minute that most scrape at, so that one connection serves them all.
  keepAliveTimeout: 75_000,
};
const mostConnections = 32;
const methods = ["GET", "HEAD"];

/**
 * Answers GET and HEAD for its pages and nothing else.
 * @param failed is told why a page could not be made; who asked for it is not
 * @returns rejects with Node's error when the address cannot be listened on
 */
export async function listenPlainly(
  address: Address,
  pages: PlainPages,
  failed: (error: unknown) => void,
): Promise<PlainListener> {
  const there = `There is nothing here but GET ${Object.keys(pages).join(" and GET ")}.\n`;
  const server = createServer(limits, ({ method = "", url = "" }, res) => {
    const [path = ""] = url.split("?", 1);
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (page === undefined) answer(res, { status: 404, body: there });
    else if (!methods.includes(method)) {
      res.setHeader("Allow", methods.join(", "));
      answer(res, { status: 405, body: there });
    } else {
      page().then(
        (made) => {
          answer(res, made);
        },
        (error: unknown) => {
          failed(error);
          answer(res, { status: 500, body: "This cannot be told at the moment; the log says why.\n" });
        },
      );
    }
  });
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(address, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  return {
    address: { host: address.host, port: typeof bound === "object" && bound ? bound.port : address.port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answer(res: ServerResponse, { status, body, type }: PlainAnswer): void {
  const own = ownAnswer(status, "text", body);
  for (let at = 0; at < own.headers.length; at += 2)
    res.setHeader(own.headers[at] ?? "", own.headers[at + 1] ?? "");
  if (type !== undefined) res.setHeader("Content-Type", type);
  res.statusCode = own.status;
  res.setHeader("Content-Length", Buffer.byteLength(body));
  res.end(body); // Node leaves the body out for HEAD
}
