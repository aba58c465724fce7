/** nginx in Sallyport's place, telling the backend what its own variables say. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort } from "../../support/free-port.ts";
import { startProgram } from "./program.ts";
import type { Site } from "./site.ts";

const subjectHeaders = {
  SSL_CLIENT_S_DN: "$ssl_client_s_dn",
  SSL_CLIENT_I_DN: "$ssl_client_i_dn",
  SSL_CLIENT_VERIFY: "$ssl_client_verify",
};

export type NginxOptions = {
  /** What the backend is told: header name -> variable. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The file of those whose clients are let in; the site's root unless given. */
  readonly authoritiesFile?: string;
  readonly presence?: "required" | "optional";
};

const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** @returns the port; `/flask/` goes to the upstream's `/` */
export async function startNginx(
  context: TestContext,
  site: Site,
  upstream: string,
  { headers = subjectHeaders, authoritiesFile = site.rootFile, presence = "required" }: NginxOptions = {},
): Promise<number> {
  const port = await freePort();
  const file = join(site.folder, `nginx-${port}.conf`);
  await writeFile(
    file,
    `daemon off;
master_process off;
pid ${site.folder}/nginx-${port}.pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${site.folder}/nginx-${name};`).join("\n  ")}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${site.certificateFile};
    ssl_certificate_key ${site.keyFile};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_client_certificate ${authoritiesFile};
    ssl_verify_client ${presence === "required" ? "on" : "optional"};
    location /flask/ {
      proxy_pass ${upstream};
      proxy_http_version 1.1;
      ${Object.entries(headers)
        .map(([name, variable]) => `proxy_set_header ${name} ${variable};`)
        .join("\n      ")}
    }
  }
}
`,
  );
  const nginx = await startProgram(context, "/usr/sbin/nginx", [
    "-e",
    "stderr",
    "-p",
    site.folder,
    "-c",
    file,
  ]);
  await nginx.accepts(port);
  return port;
}
