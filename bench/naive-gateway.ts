/**
 * A gateway on http-proxy as its documentation suggests, with the two things that make it faster: a keep-alive agent, and
 * an identity that is found out once per connection. It does the policy for well-meant requests and no more:
 * docs/decisions says what is wrong with it. Told port, backend's port, files and whether to log in argv.
 */
import { readFileSync } from "node:fs";
import { Agent, type IncomingHttpHeaders, type IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import httpProxy from "http-proxy";

const [port, backendPort, ca = "", crl = "", cert = "", key = "", log] = process.argv.slice(2);
const known = new WeakMap<Socket, IncomingHttpHeaders>();

function identityOf(socket: Socket): IncomingHttpHeaders {
  const held = known.get(socket);
  if (held) return held;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  const name = (lines = "") => lines.split("\n").reverse().join(",");
  const identity = {
    SSL_CLIENT_S_DN: name(certificate?.subject),
    SSL_CLIENT_I_DN: name(certificate?.issuer),
    SSL_CLIENT_VERIFY: "SUCCESS", // nobody gets here without: rejectUnauthorized
    "x-forwarded-for": socket.remoteAddress ?? "",
    "x-forwarded-proto": "https",
  };
  known.set(socket, identity);
  return identity;
}

const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${backendPort ?? ""}`,
  agent,
});
proxy.on("error", (_error, _request, response) => {
  if (response instanceof ServerResponse && !response.headersSent) response.writeHead(502).end();
});

/** @returns whether it goes to the backend */
function prepare(request: IncomingMessage): boolean {
  if (!request.url?.startsWith("/flask/")) return false;
  request.url = request.url.slice("/flask".length);
  const client = Object.entries(request.headers).filter(([name]) => !/^ssl[-_]client[-_]/.test(name));
  request.headers = { ...Object.fromEntries(client), ...identityOf(request.socket) };
  return true;
}

const [caText, crlText, certText, keyText] = [ca, crl, cert, key].map((file) => readFileSync(file, "utf8"));
const tls = { ca: caText, crl: crlText, cert: certText, key: keyText, requestCert: true };
const server = createServer(
  { ...tls, rejectUnauthorized: true, keepAliveTimeout: 60_000 },
  (request, response) => {
    if (!prepare(request)) {
      response.writeHead(404).end();
      return;
    }
    if (log === "log")
      response.on("finish", () => {
        const { method, url, socket } = request;
        const line = {
          time: new Date(),
          client: socket.remoteAddress,
          method,
          url,
          status: response.statusCode,
        };
        process.stdout.write(`${JSON.stringify(line)}\n`);
      });
    proxy.web(request, response);
  },
);
server.on("upgrade", (request, socket, head) => {
  if (prepare(request)) proxy.ws(request, socket, head);
  else socket.destroy();
});
server.listen(Number(port), "127.0.0.1", 4096);
