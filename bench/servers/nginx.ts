/** nginx from Debian's package: one worker, unless a table is about them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, versionOf } from "../find-program.ts";
import type { Server, Site } from "./server.ts";

const find = () => findProgram("nginx", "nginx-light");

export const nginx: Server = {
  name: "nginx",
  title: "nginx",
  compilesItself: false,
  knowsRevocation: true,
  version: () => versionOf(find(), "-v"),
  command(site) {
    const program = find();
    const file = join(site.folder, "nginx.conf");
    writeFileSync(file, configuration(site));
    return [program, "-p", site.folder, "-c", file, "-e", "stderr"];
  },
};

function configuration(site: Site): string {
  const { port, backendPort, folder, certificates, revocationList, accessLog, workers } = site;
  return `
daemon off;
worker_processes ${workers};
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 8192; }
http {
  access_log ${accessLog ? `${folder}/access.log` : "off"};
  client_max_body_size 0;
  map $http_upgrade $upstream_connection { default upgrade; "" ""; }
  client_body_temp_path ${folder}/client_body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_timeout 60s;
  keepalive_requests 1000000000;
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 64; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} ssl backlog=4096;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate ${certificates.server.certificate};
    ssl_certificate_key ${certificates.server.key};
    ssl_client_certificate ${certificates.authority};
    ssl_crl ${revocationList};
    ssl_verify_client on;
    location /flask/ {
      proxy_pass http://backend/;
      proxy_http_version 1.1;
      # everybody else passes a body on as it comes, and writes none to disk
      proxy_request_buffering off;
      proxy_max_temp_file_size 0;
      proxy_set_header Connection $upstream_connection;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      # Names with underscores are dropped by default; those with dashes have to be named.
      proxy_set_header SSL-CLIENT-S-DN "";
      proxy_set_header SSL-CLIENT-I-DN "";
      proxy_set_header SSL-CLIENT-VERIFY "";
      proxy_set_header SSL_CLIENT_S_DN $ssl_client_s_dn;
      proxy_set_header SSL_CLIENT_I_DN $ssl_client_i_dn;
      proxy_set_header SSL_CLIENT_VERIFY $ssl_client_verify;
    }
  }
}
`;
}
