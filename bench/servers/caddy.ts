/** Caddy from Debian's package, on one core. It can be given no revocation list. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serverName } from "../certificates.ts";
import { findProgram, versionOf } from "../find-program.ts";
import type { Server, Site } from "./server.ts";

const find = () => findProgram("caddy", "caddy");

export const caddy: Server = {
  name: "caddy",
  title: "Caddy",
  compilesItself: false,
  knowsRevocation: false,
  version: () => versionOf(find(), "version"),
  command(site) {
    const program = find();
    const file = join(site.folder, "Caddyfile");
    writeFileSync(file, configuration(site));
    // its own copy of the configuration goes there too, not into the home of whoever runs this
    return [
      "env",
      `XDG_CONFIG_HOME=${site.folder}`,
      program,
      "run",
      "--adapter",
      "caddyfile",
      "--config",
      file,
    ];
  },
};

function configuration({ port, backendPort, folder, certificates: { authority, server }, accessLog }: Site) {
  return `
{
	admin off
	auto_https off
	storage file_system ${folder}/storage
	servers {
		protocols h1
		timeouts {
			idle 60s
		}
	}
	log default {
		output stderr
		level WARN
	}
}
https://${serverName}:${port} {
	bind 127.0.0.1
	tls ${server.certificate} ${server.key} {
		protocols tls1.2 tls1.3
		client_auth {
			mode require_and_verify
			trusted_ca_cert_file ${authority}
		}
	}
	${accessLog ? `log {\n\t\toutput file ${folder}/access.log {\n\t\t\troll_disabled\n\t\t}\n\t}` : ""}
	handle_path /flask/* {
		# Not header_up: there a deletion comes after what is set, and takes that with it.
		request_header -SSL_CLIENT_*
		request_header -SSL-CLIENT-*
		reverse_proxy 127.0.0.1:${backendPort} {
			header_up SSL_CLIENT_S_DN {http.request.tls.client.subject}
			header_up SSL_CLIENT_I_DN {http.request.tls.client.issuer}
			header_up SSL_CLIENT_VERIFY SUCCESS
			transport http {
				versions 1.1
				compression off
				keepalive_idle_conns_per_host 64
			}
		}
	}
}
`;
}
