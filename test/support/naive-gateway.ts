/**
 * The gateway one writes first: thirty lines on http-proxy. The anti-forging suite is run against it as well, and it is
 * known to fail: a suite that it passed would prove nothing. A program; its one argument is a JSON file of NaiveConfig.
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { TLSSocket } from "node:tls";
import httpProxy from "http-proxy";

export type NaiveConfig = {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly target: string;
};

const { cert, key, ca, target } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as NaiveConfig;
const names = ["SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN", "SSL_SERVER_S_DN_OU", "SSL_CLIENT_VERIFY"] as const;
const proxy = httpProxy.createProxyServer({ target, xfwd: true, agent: new Agent({ keepAlive: true }) });

proxy.on("proxyReq", (outgoing, request) => {
  for (const name of names) outgoing.removeHeader(name);
  if (!(request.socket instanceof TLSSocket)) return;
  const { C, ST, CN } = request.socket.getPeerCertificate().subject;
  outgoing.setHeader("SSL_CLIENT_S_DN", `CN=${String(CN)},ST=${String(ST)},C=${String(C)}`);
  outgoing.setHeader("SSL_CLIENT_VERIFY", "SUCCESS");
});
proxy.on("error", (_error, _request, response) => response.end());

const server = createServer(
  { cert, key, ca, requestCert: true, rejectUnauthorized: true },
  (request, response) => {
    if (!request.url?.startsWith("/flask/")) {
      response.writeHead(404).end();
      return;
    }
    request.url = request.url.slice("/flask".length);
    proxy.web(request, response);
  },
);
server.on("upgrade", (request, socket, head) => {
  proxy.ws(request, socket, head);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: "listening", port })}\n`);
});
