/** HAProxy from Debian's package: one thread. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, versionOf } from "../find-program.ts";
import type { Server, Site } from "./server.ts";

const find = () => findProgram("haproxy", "haproxy");

export const haproxy: Server = {
  name: "haproxy",
  title: "HAProxy",
  compilesItself: false,
  knowsRevocation: true,
  version: () => versionOf(find(), "-v"),
  command(site) {
    const { folder, certificates } = site;
    const program = find();
    const identity = join(folder, "server.pem");
    const { certificate, key } = certificates.server;
    writeFileSync(identity, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"), { mode: 0o600 });
    const file = join(folder, "haproxy.cfg");
    writeFileSync(file, configuration(site, identity));
    return [program, "-db", "-f", file];
  },
};

function configuration(
  { port, backendPort, certificates, revocationList, accessLog }: Site,
  identity: string,
) {
  return `
global
  nbthread 1
  maxconn 4000
  ssl-default-bind-options ssl-min-ver TLSv1.2
${accessLog ? "  log stdout format raw local0\n" : ""}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 60s
  timeout http-keep-alive 60s
  http-reuse always
${accessLog ? "  log global\n  option httplog\n" : ""}
frontend gateway
  bind 127.0.0.1:${port} backlog 4096 ssl crt ${identity} ca-file ${certificates.authority} crl-file ${revocationList} verify required alpn http/1.1
  http-request deny unless { path_beg /flask/ }
  http-request del-header ssl_client_ -m beg
  http-request del-header ssl-client- -m beg
  http-request set-header SSL_CLIENT_S_DN %[ssl_c_s_dn(,0,rfc2253)]
  http-request set-header SSL_CLIENT_I_DN %[ssl_c_i_dn(,0,rfc2253)]
  http-request set-header SSL_CLIENT_VERIFY SUCCESS
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto https
  http-request replace-path ^/flask(/.*) \\1
  default_backend application

backend application
  server one 127.0.0.1:${backendPort} pool-max-conn 64
`;
}
