/** Whether OpenSSL can speak TLS to every upstream as it is configured: found out before anything starts. */
import { ConfigError } from "./config/config-error.ts";
import type { Settings } from "./config/load.ts";
import { tlsContext } from "./forward/dial.ts";

/** @throws ConfigError for what OpenSSL cannot use */
export function checkUpstreamTls({ site, hosts, place, files }: Settings): void {
  const sites = [site, ...hosts].map(({ routes }, at) => ({
    routes,
    path: at === 0 ? [] : ["hosts", at - 1],
  }));
  const problems = sites.flatMap(({ routes, path }) =>
    routes.flatMap(({ material: { authorities, own } }, at) => {
      if (!authorities && !own) return [];
      try {
        tlsContext({ authorities, certificate: own?.certificate, key: own?.key });
        return [];
      } catch (error) {
        const where = [...path, "routes", at, "upstream"];
        const what = `OpenSSL cannot use this: ${error instanceof Error ? error.message : String(error)}`;
        const next = "look at the certificate, its key and the authorities: openssl x509 -in FILE -text";
        return [{ place: place(where), path: where.join("."), what, next }];
      }
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems, files);
}
