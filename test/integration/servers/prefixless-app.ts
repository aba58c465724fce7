/**
 * An application that was written for `/` and does not know where it is mounted: a page with every kind of link that a
 * browser follows by itself, and a WebSocket that says back what it hears.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { text } from "node:stream/consumers";
import { brotliCompressSync, deflateSync, gzipSync, crc32 } from "node:zlib";
import { WebSocketServer } from "ws";

export type Asked = {
  readonly path: string;
  readonly method: string;
  /** Whom the gateway has said it is. */
  readonly subject: string;
  readonly body: string;
};

export type PrefixlessApp = {
  readonly url: string;
  /** Everything that has arrived, handshakes of WebSockets too. */
  readonly asked: readonly Asked[];
  /** What was posted to `/report`. */
  readonly reports: readonly string[];
  /** How its pages were encoded. */
  readonly codings: ReadonlySet<Coding>;
};

export type Coding = "identity" | "gzip" | "br";

type Content = { readonly type: string; readonly octets: Buffer };

const patience = 20_000;
const encoders = { identity: (octets: Buffer) => octets, gzip: gzipSync, br: brotliCompressSync };
const file = (name: string) => readFile(join(import.meta.dirname, "../fixtures/prefixless", name));
const types: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
};

/** @param coding how its pages are encoded for whoever takes it */
export async function startPrefixlessApp(context: TestContext, coding: Coding): Promise<PrefixlessApp> {
  const asked: Asked[] = [];
  const reports: string[] = [];
  const codings = new Set<Coding>();
  const waiting: ServerResponse[] = [];
  const subjectOf = ({ headers }: IncomingMessage) => String(headers["ssl_client_s_dn"] ?? "");

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname: path } = new URL(request.url ?? "", "http://app");
    const { method = "" } = request;
    const body = await text(request);
    asked.push({ path, method, subject: subjectOf(request), body });
    if (path === "/report") {
      reports.push(body);
      response.writeHead(204).end();
      for (const each of waiting.splice(0)) each.end();
    } else if (path === "/until-reported.png") {
      // The browser's load event waits for this one: until then it does not come to its end.
      response.writeHead(200, { "Content-Type": "image/png" });
      if (reports.length > 0) response.end();
      else waiting.push(response);
    } else if (path === "/moved") {
      response.writeHead(302, { Location: "/arrived.html" }).end();
    } else {
      const content = await contentOf(path);
      if (content === undefined) response.writeHead(404).end();
      else {
        const isPage = content.type.startsWith("text/html");
        const taken = String(request.headers["accept-encoding"]).includes(coding) ? coding : "identity";
        const used = isPage ? taken : "identity";
        if (isPage) codings.add(used);
        response.writeHead(200, {
          "Content-Type": content.type,
          "Cache-Control": "no-store",
          ...(used !== "identity" && { "Content-Encoding": used }),
        });
        response.end(encoders[used](content.octets));
      }
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    asked.push({ path: request.url ?? "", method: "WebSocket", subject: subjectOf(request), body: "" });
    socket.on("message", (data, isBinary) => {
      socket.send(data, { binary: isBinary });
    });
  });
  const timer = setTimeout(() => {
    for (const each of waiting.splice(0)) each.end();
  }, patience);
  await once(server.listen(0, "127.0.0.1"), "listening");
  context.after(() => {
    clearTimeout(timer);
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, reports, codings };
}

async function contentOf(path: string): Promise<Content | undefined> {
  const name = path === "/" ? "index.html" : path.slice(1);
  const [, colour] = /^\/images\/([0-9a-f]{6})\.png$/.exec(path) ?? [];
  if (colour !== undefined) return { type: "image/png", octets: onePixel(Buffer.from(colour, "hex")) };
  if (!/^[a-z-]+(?:\/[a-z-]+)?\.(?:css|html|js|json|svg)$/.test(name)) return undefined;
  const octets = await file(name).catch(() => undefined);
  return octets && { type: types[name.split(".").at(-1) ?? ""] ?? "", octets };
}

/** A picture of one pixel (ISO/IEC 15948). */
function onePixel(colour: Buffer): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat([Buffer.from([0]), colour]))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
