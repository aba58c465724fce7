/** Settings -> the World that requests are answered in. Built once at the start and once per reload. */
import { commonNameOf, dialects, printRfc4514, readCertificate } from "@sallyport/identity";
import type { Settings } from "./config/load.ts";
import { Upstream } from "./forward/upstream.ts";
import type { Route, World } from "./gateway.ts";
import { createTrust } from "./trust/trust.ts";

/** @param forgetSessions makes every TLS session handed out so far useless */
export function buildWorld({ routes, clients, material }: Settings, forgetSessions: () => void): World {
  const server = material.tls && readCertificate(material.tls.leaf.raw);
  const longestFirst = routes.toSorted((a, b) => b.prefix.length - a.prefix.length);
  return {
    presence: clients?.presence ?? "optional",
    trust: clients && createTrust(material.authorities, clients.depth, forgetSessions),
    authorities: material.authorities.map((authority) => nameOf(readCertificate(authority.raw).subject)),
    routes: longestFirst.map(({ prefix, upstream, identity, headLimit }): Route => {
      const { address, authority, basePath } = locate(upstream);
      return {
        prefix,
        basePath,
        authority,
        server,
        secret: material.backendSecret,
        headLimit,
        speeches: identity.flatMap(({ dialect: wanted, variables, spelling }) =>
          dialects.filter(({ name }) => name === wanted).map((dialect) => ({ dialect, variables, spelling })),
        ),
        upstream: new Upstream(address),
      };
    }),
  };
}

function nameOf(subject: Parameters<typeof printRfc4514>[0]): string {
  try {
    return commonNameOf(subject);
  } catch {
    return printRfc4514(subject);
  }
}

function locate(
  upstream: string,
): Pick<Route, "authority" | "basePath"> & { address: ConstructorParameters<typeof Upstream>[0] } {
  if (upstream.startsWith("unix:"))
    return { address: { path: upstream.slice(5) }, authority: "localhost", basePath: "/" };
  const { host, hostname, port, pathname } = new URL(upstream);
  const plain = hostname.replace(/^\[|\]$/g, "");
  return { address: { host: plain, port: Number(port || 80) }, authority: host, basePath: pathname };
}
