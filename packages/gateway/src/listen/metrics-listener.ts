/** A small server of its own for the metrics. Plain HTTP, and never on a port that clients of the gateway reach. */
import { createServer, type ServerResponse } from "node:http";
import { ownAnswer } from "../pages/own-answer.ts";
import type { Address } from "./listener.ts";

export type MetricsListener = {
  readonly address: Address;
  /** Ends at once, scrapes included. */
  readonly close: () => Promise<void>;
};

/** There is nothing to give at the moment, and why. */
export class MetricsUnavailable extends Error {}

const textFormat = "text/plain; version=0.0.4; charset=utf-8";

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

/**
 * Answers `GET /metrics` and nothing else.
 * @param metrics may reject with {@link MetricsUnavailable}
 * @param failed is told why else a scrape could not be answered; who scraped is not
 * @returns rejects with Node's error when the address cannot be listened on
 */
export async function listenForMetrics(
  address: Address,
  metrics: { readonly render: () => Promise<string> },
  failed: (error: unknown) => void,
): Promise<MetricsListener> {
  const server = createServer(limits, ({ method, url = "" }, res) => {
    const path = url.split("?", 1)[0];
    if (path !== "/metrics" || (method !== "GET" && method !== "HEAD")) {
      answer(res, 404, "There is nothing here but GET /metrics.\n");
      return;
    }
    metrics.render().then(
      (text) => {
        answer(res, 200, text, textFormat);
      },
      (error: unknown) => {
        if (error instanceof MetricsUnavailable) {
          answer(res, 503, `${error.message}\n`);
          return;
        }
        failed(error);
        answer(res, 500, "The metrics cannot be read at the moment; the log says why.\n");
      },
    );
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

function answer(res: ServerResponse, status: number, body: string, type?: string): void {
  const own = ownAnswer(status, "text", body);
  for (let at = 0; at < own.headers.length; at += 2)
    res.setHeader(own.headers[at] ?? "", own.headers[at + 1] ?? "");
  if (type !== undefined) res.setHeader("Content-Type", type);
  res.statusCode = own.status;
  res.setHeader("Content-Length", Buffer.byteLength(body));
  res.end(body); // Node leaves the body out for HEAD
}
