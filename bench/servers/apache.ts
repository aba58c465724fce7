/** Apache httpd from Debian's package, event mpm: one process. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, versionOf } from "../find-program.ts";
import type { Server, Site } from "./server.ts";

const find = () => findProgram("apache2", "apache2-bin");
const moduleFolder = "/usr/lib/apache2/modules";
const modules = ["mpm_event", "authz_core", "socache_shmcb", "ssl", "headers", "proxy", "proxy_http"];
const identityHeaders = ["SSL_CLIENT_S_DN", "SSL_CLIENT_I_DN", "SSL_CLIENT_VERIFY"];
const reserved = [...identityHeaders, ...identityHeaders.map((name) => name.replaceAll("_", "-"))];

export const apache: Server = {
  name: "apache",
  title: "Apache httpd",
  compilesItself: false,
  knowsRevocation: true,
  version: () => versionOf(find(), "-v"),
  command(site) {
    const program = find();
    const file = join(site.folder, "apache.conf");
    writeFileSync(file, configuration(site));
    return [program, "-D", "FOREGROUND", "-f", file];
  },
};

function configuration(site: Site): string {
  const { port, backendPort, folder, certificates, revocationList, accessLog } = site;
  const { authority, server } = certificates;
  return `
ServerRoot "${folder}"
DefaultRuntimeDir "${folder}"
PidFile "${folder}/apache.pid"
Mutex "default:${folder}"
ServerName flask.local
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module ${moduleFolder}/mod_${name}.so`).join("\n")}
ErrorLog "${folder}/error.log"
LogLevel error
${accessLog ? `CustomLog "${folder}/access.log" "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\""` : ""}
StartServers 1
ServerLimit 1
ThreadLimit 64
ThreadsPerChild 64
MaxRequestWorkers 64
MinSpareThreads 1
MaxSpareThreads 64
MaxConnectionsPerChild 0
AsyncRequestWorkerFactor 16
KeepAlive On
KeepAliveTimeout 60
MaxKeepAliveRequests 0
SSLSessionCache "shmcb:${folder}/sessions(512000)"
<VirtualHost 127.0.0.1:${port}>
  SSLEngine on
  SSLProtocol -all +TLSv1.2 +TLSv1.3
  SSLCertificateFile "${server.certificate}"
  SSLCertificateKeyFile "${server.key}"
  SSLCACertificateFile "${authority}"
  SSLCARevocationFile "${revocationList}"
  SSLCARevocationCheck leaf
  SSLVerifyClient require
  SSLVerifyDepth 1
${[...reserved, "X-Forwarded-For"].map((name) => `  RequestHeader unset ${name} early`).join("\n")}
${identityHeaders.map((name) => `  RequestHeader set ${name} "%{${name}}s"`).join("\n")}
  RequestHeader set X-Forwarded-Proto https
  ProxyPreserveHost On
  ProxyPass "/flask/" "http://127.0.0.1:${backendPort}/" enablereuse=on max=64 ttl=120 keepalive=on upgrade=websocket
</VirtualHost>
`;
}
