/** Settings -> the World that requests are answered in. Built once at the start and once per reload. */
import { commonNameOf, dialects, printRfc4514, readCertificate } from "@sallyport/identity";
import type { ClientsMaterial } from "./config/material.ts";
import type { Settings, SiteSettings } from "./config/load.ts";
import { Upstream } from "./forward/upstream.ts";
import type { Route, Site, World } from "./gateway.ts";
import { publicRoots } from "./listen/secure-context.ts";
import { compileRules } from "./policy/rules.ts";
import { siteFinder } from "./route/sites.ts";
import { authorityNotices } from "./trust/authority-notices.ts";
import { openSources, type OpenSource } from "./trust/open-sources.ts";
import { createRevocation } from "./trust/revocation.ts";
import type { SourceState } from "./trust/source.ts";
import { createTrust, type Trust } from "./trust/trust.ts";

/** A World, and what has to be done with it from time to time. */
export type OpenWorld = World & {
  /** Looks at the files of revocation again. */
  readonly refresh: () => Promise<void>;
  readonly sources: () => readonly SourceState[];
  /** Lets go of what the next World has not taken over. */
  readonly close: () => void;
  /** What the next World takes over. */
  readonly heirlooms: ReadonlyMap<string, Heirloom>;
};

/** Of one `clients` group, found again by where it stands in the configuration. */
type Heirloom = { readonly trust: Trust; readonly sources: readonly OpenSource[] };

export type WorldEvents = {
  /** Makes every TLS session handed out so far useless. */
  readonly forgetSessions: () => void;
  /** Verdicts may have become wrong: everybody is looked at anew. */
  readonly trustMoved: () => void;
  readonly warning: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

/** @throws SourcesError when a source of revocation cannot be opened */
export async function buildWorld(
  settings: Settings,
  previous: OpenWorld | undefined,
  events: WorldEvents,
): Promise<OpenWorld> {
  const { site, hosts } = settings;
  const heirlooms = new Map<string, Heirloom>();
  const trusts = new Map<ClientsMaterial, Trust>();
  for (const [at, { clients }] of [site, ...hosts].entries()) {
    if (clients === undefined || trusts.has(clients)) continue;
    const key = at === 0 ? "clients" : `hosts.${at - 1}.clients`;
    try {
      const made = await openTrust(clients, previous?.heirlooms.get(key), events);
      heirlooms.set(key, made);
      trusts.set(clients, made.trust);
    } catch (error) {
      closeAll(heirlooms);
      throw error;
    }
  }
  const build = (each: SiteSettings): Site => {
    const trust = each.clients && trusts.get(each.clients);
    return buildSite(each, trust, settings.backendSecret);
  };
  const sites = { top: build(site), hosts: hosts.map((each) => ({ names: each.names, site: build(each) })) };
  const everySite = [sites.top, ...sites.hosts.map((host) => host.site)];
  return {
    siteOf: siteFinder(sites.top, sites.hosts),
    contact: settings.contact,
    heirlooms,
    async refresh() {
      await Promise.all([...heirlooms.values()].map(({ trust }) => trust.revocation.refresh()));
    },
    sources: () => [...heirlooms.values()].flatMap(({ trust }) => trust.revocation.states()),
    close() {
      closeAll(heirlooms);
      for (const { routes } of everySite) for (const { upstream } of routes) upstream.close();
    },
  };
}

function closeAll(heirlooms: ReadonlyMap<string, Heirloom>): void {
  for (const { trust } of heirlooms.values()) trust.revocation.close();
}

async function openTrust(
  clients: ClientsMaterial,
  previous: Heirloom | undefined,
  { forgetSessions, trustMoved, warning }: WorldEvents,
): Promise<Heirloom> {
  const { authorities, depth, insecureWeakKeys } = clients;
  for (const notice of authorityNotices(authorities, publicRoots, Date.now()))
    warning("authority", { notice });
  let generation = 0;
  const changed = () => {
    generation += 1;
    trustMoved();
  };
  const before = previous?.sources ?? [];
  const sources = await openSources(clients.revocation, authorities, before, { changed, warning });
  const revocation = createRevocation(sources, () => generation);
  const trust = createTrust({
    ...{ authorities, depth, insecureWeakKeys, revocation },
    previous: previous?.trust,
    memory: 10_000,
    onForget: forgetSessions,
  });
  return { trust, sources };
}

function buildSite(
  { clients, routes, tls }: SiteSettings,
  trust: Trust | undefined,
  secret: string | undefined,
): Site {
  const server = tls && readCertificate(tls.leaf.raw);
  const presence = clients?.presence ?? "optional";
  const longestFirst = routes.toSorted((a, b) => b.prefix.length - a.prefix.length);
  return {
    presence,
    trust,
    authorities: (clients?.authorities ?? []).map(({ raw }) => nameOf(readCertificate(raw).subject)),
    routes: longestFirst.map(({ prefix, upstream, identity, headLimit, rules, ...route }): Route => {
      const { address, authority, basePath } = locate(upstream);
      return {
        ...{ prefix, basePath, authority, server, secret, headLimit },
        presence: route.presence ?? presence,
        rewriteHtml: route.rewriteHtml,
        prefixHeader: route.prefixHeader,
        rules: rules && compileRules(rules),
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
