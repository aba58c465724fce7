/** Settings -> what TLS is spoken with, under each name. */
import { ConfigError } from "./config/config-error.ts";
import type { Settings, SiteSettings } from "./config/load.ts";
import type { Tls } from "./listen/listener.ts";
import { secureContextOf, type Credentials } from "./listen/secure-context.ts";
import { siteFinder } from "./route/sites.ts";

/**
 * @returns `undefined` where no listener speaks TLS
 * @throws ConfigError for what OpenSSL cannot use
 */
export function ownTls(settings: Settings): Tls | undefined {
  const { site, hosts } = settings;
  // A session is resumed before its name is looked at, so that one made under a name with other authorities would do as
  // well (CVE-2025-23419). Where names differ in whom they believe, there are none.
  const resumption = new Set([site, ...hosts].map(({ clients }) => clients)).size === 1;
  const credentials = credentialsOf(site, settings, resumption);
  if (credentials === undefined) return undefined;
  const contextOf = (each: SiteSettings, path: readonly PropertyKey[]) => {
    try {
      return secureContextOf(credentialsOf(each, settings, resumption) ?? credentials);
    } catch (error) {
      const what = `OpenSSL cannot use this: ${error instanceof Error ? error.message : String(error)}`;
      const next = "look at the certificate, its key and tls.ciphers: openssl ciphers LIST";
      const problem = { place: settings.place(path), path: path.join("."), what, next };
      throw new ConfigError([problem], settings.files);
    }
  };
  const top = contextOf(site, ["tls"]);
  const named = hosts.map((host, at) => ({ names: host.names, site: contextOf(host, ["hosts", at, "tls"]) }));
  return { credentials, named: siteFinder(top, named) };
}

function credentialsOf(
  { tls, clients }: SiteSettings,
  { tlsLimits, site, hosts }: Settings,
  resumption: boolean,
): Credentials | undefined {
  return (
    tls && {
      ...tlsLimits,
      resumption,
      certificate: tls.certificate,
      key: tls.key,
      trusted: clients?.authorities ?? [],
      advertised: clients?.advertised,
      // OpenSSL has one level for all names. Where it is low for one of them, our own look at the keys refuses on the others.
      insecureWeakKeys: [site, ...hosts].some((each) => each.clients?.insecureWeakKeys === true),
    }
  );
}
