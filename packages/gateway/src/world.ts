/** Settings -> the World that requests are answered in. Built once at the start and once per reload. */
import type { ClientsMaterial } from "./config/material.ts";
import type { Settings, SiteSettings } from "./config/load.ts";
import { reachAny } from "./forward/reach.ts";
import { Upstream, type Notice, type TargetState, type UpstreamSettings } from "./forward/upstream.ts";
import type { World } from "./admit.ts";
import { publicRoots } from "./listen/secure-context.ts";
import { siteFinder } from "./route/sites.ts";
import { buildSite, type Site } from "./site.ts";
import { authorityNotices } from "./trust/authority-notices.ts";
import { listsAmiss } from "./trust/lists-amiss.ts";
import { openSources, type OpenSource } from "./trust/open-sources.ts";
import { createRevocation } from "./trust/revocation.ts";
import type { SourceState } from "./trust/source.ts";
import { createTrust, type Trust, type TrustOptions } from "./trust/trust.ts";

/** A World, and what has to be done with it from time to time. */
export type OpenWorld = World & {
  /** Looks at the files of revocation again; `refresh` asks servers too, and may take long. */
  readonly reread: () => Promise<void>;
  readonly refresh: () => Promise<void>;
  readonly sources: () => readonly SourceState[];
  readonly targets: () => readonly (TargetState & Pick<OpenUpstream, "route">)[];
  /** Why requests would be refused, or come to nobody, whoever asks; a sentence each. Connects to targets. */
  readonly amiss: () => Promise<readonly string[]>;
  /** Lets go of what the next World has not taken over. */
  readonly close: () => void;
  /** What the next World takes over. */
  readonly heirlooms: ReadonlyMap<string, Heirloom>;
  /** Found again by their settings: those that the next World takes are taken out. */
  readonly upstreams: Map<string, OpenUpstream>;
};

type OpenUpstream = { readonly route: string; readonly upstream: Upstream };

/** Of one `clients` group, found again by where it stands in the configuration. */
type Heirloom = { readonly trust: Trust; readonly sources: readonly OpenSource[] };

export type WorldEvents = {
  /** Makes every TLS session handed out so far useless. */
  readonly forgetSessions: () => void;
  /** Verdicts may have become wrong: everybody is looked at anew. */
  readonly trustMoved: () => void;
  readonly warning: (message: string, fields: Readonly<Record<string, unknown>>) => void;
} & Pick<TrustOptions, "introduced" | "onMeet">;

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
      const made = await openTrust(clients, key, previous?.heirlooms.get(key), events);
      heirlooms.set(key, made);
      trusts.set(clients, made.trust);
    } catch (error) {
      closeAll(heirlooms);
      throw error;
    }
  }
  const upstreams = new Map<string, OpenUpstream>();
  const open = (wanted: UpstreamSettings, route: string): Upstream => {
    const key = `${route} ${JSON.stringify(wanted)}`;
    const upstream = previous?.upstreams.get(key)?.upstream ?? new Upstream(wanted, noticeOf(events));
    previous?.upstreams.delete(key);
    upstreams.set(key, { route, upstream });
    return upstream;
  };
  const build = (each: SiteSettings): Site => {
    const trust = each.clients && trusts.get(each.clients);
    return buildSite(each, trust, settings.backendSecret, open);
  };
  const top = build(site);
  const named = hosts.map((each) => ({ names: each.names, site: build(each) }));
  return {
    siteOf: siteFinder(top, named),
    contact: settings.contact,
    heirlooms,
    upstreams,
    async reread() {
      await Promise.all([...heirlooms.values()].map(({ trust }) => trust.revocation.reread()));
    },
    async refresh() {
      await Promise.all([...heirlooms.values()].map(({ trust }) => trust.revocation.refresh()));
    },
    sources: () => [...heirlooms.values()].flatMap(({ trust }) => trust.revocation.states()),
    targets: () =>
      [...upstreams.values()].flatMap(({ route, upstream }) =>
        upstream.states().map((state) => ({ route, ...state })),
      ),
    async amiss() {
      const lists = [...heirlooms.values()].flatMap(({ sources }) => listsAmiss(sources, Date.now()));
      return [
        ...lists,
        ...(await reachAny([...upstreams.values()].flatMap(({ upstream }) => upstream.doors()))),
      ];
    },
    close() {
      closeAll(heirlooms);
      for (const { upstream } of upstreams.values()) upstream.close();
    },
  };
}

function noticeOf({ warning }: WorldEvents): Notice {
  return (target, state, reason) => {
    warning(`upstream target ${state}`, { target, reason });
  };
}

function closeAll(heirlooms: ReadonlyMap<string, Heirloom>): void {
  for (const { trust } of heirlooms.values()) trust.revocation.close();
}

async function openTrust(
  clients: ClientsMaterial,
  at: string,
  previous: Heirloom | undefined,
  { forgetSessions, trustMoved, warning, ...among }: WorldEvents,
): Promise<Heirloom> {
  const { authorities, depth, insecureWeakKeys } = clients;
  for (const notice of authorityNotices(authorities, publicRoots, Date.now()))
    warning("authority", { notice, at: `${at}.authorities` });
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
    ...among,
  });
  return { trust, sources };
}
