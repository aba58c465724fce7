/** A site's settings -> what the line walks: routes with their upstreams, made once per reading of the configuration. */
import { commonNameOf, dialects, foldName, printRfc4514, readCertificate } from "@sallyport/identity";
import type { RouteSettings, SiteSettings } from "./config/load.ts";
import type { TargetAddress } from "./forward/dial.ts";
import type { BodyLimits } from "./forward/request-body.ts";
import type { Upstream, UpstreamSettings } from "./forward/upstream.ts";
import type { Speaking } from "./headers/inject.ts";
import type { AnswerChanges, RequestChanges } from "./headers/route-lines.ts";
import { corsLines, type Cors } from "./policy/cors.ts";
import type { Policy, Presence } from "./policy/decide.ts";
import { compileRules } from "./policy/rules.ts";
import type { Mapping } from "./rewrite/mapping.ts";
import { routeFinder, type FindRoute } from "./route/routes.ts";
import type { Trust } from "./trust/trust.ts";

export type Route = Speaking &
  Mapping &
  Policy & {
    readonly upstream: Upstream;
    readonly limits: BodyLimits;
    /** Whether links in its pages are rewritten. */
    readonly rewriteHtml: boolean;
    /** These are there only where the route is configured to have them. */
    readonly methods: ReadonlySet<string> | undefined;
    readonly request: RequestChanges | undefined;
    readonly answer: AnswerChanges | undefined;
    readonly cors: Cors | undefined;
  };

/** What is served under one name. */
export type Site = {
  /** Longest prefix first. */
  readonly routes: readonly Route[];
  readonly routeOf: FindRoute<Route>;
  /** What holds where no route does. */
  readonly presence: Presence;
  readonly trust: Trust | undefined;
  /** Names of the authorities that are accepted, for people. */
  readonly authorities: readonly string[];
};

/**
 * @param open makes a route's upstream, or takes over the one that stood there with the same settings; told the route as
 *   people know it: its prefix, behind the host's name if it has one
 */
export function buildSite(
  { names, clients, routes, tls }: SiteSettings,
  trust: Trust | undefined,
  secret: string | undefined,
  open: (settings: UpstreamSettings, route: string) => Upstream,
): Site {
  const server = tls && readCertificate(tls.leaf.raw);
  const presence = clients?.presence ?? "optional";
  const built = routes.map((route): Route => {
    const {
      prefix,
      prefixHeader,
      rewriteHtml,
      headLimit,
      methods,
      maxBody = Infinity,
      trailers,
      rules,
      identity,
    } = route;
    const targets = route.upstream.targets.map(locate);
    const cors = route.cors && {
      ...route.cors,
      origins: new Set(route.cors.origins),
      maxAge: route.cors.maxAge / 1000,
    };
    return {
      ...{ prefix, prefixHeader, rewriteHtml, server, secret, headLimit, cors },
      basePath: targets[0]?.basePath ?? "/",
      authorities: [...targets.map(({ authority }) => authority), ...writtenHost(route.host)].map((name) =>
        name.toLowerCase(),
      ),
      presence: route.presence ?? presence,
      rules: rules && compileRules(rules),
      speeches: identity.flatMap(({ dialect: wanted, variables, spelling }) =>
        dialects.filter(({ name }) => name === wanted).map((dialect) => ({ dialect, variables, spelling })),
      ),
      methods: methods && new Set(methods.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name]))),
      limits: {
        maxBody,
        idle: route.timeouts.idle,
        trailers: trailers && {
          request: lowerCase(trailers.request),
          response: lowerCase(trailers.response),
        },
      },
      request: requestChanges(route, targets[0]?.authority ?? ""),
      answer: answerChanges(route, cors),
      upstream: open(upstreamSettings(route, targets, secret), (names[0] ?? "") + prefix),
    };
  });
  return {
    presence,
    trust,
    authorities: (clients?.authorities ?? []).map(({ raw }) => nameOf(readCertificate(raw).subject)),
    routes: built.toSorted((a, b) => b.prefix.length - a.prefix.length),
    routeOf: routeFinder(built),
  };
}

function nameOf(subject: Parameters<typeof printRfc4514>[0]): string {
  try {
    return commonNameOf(subject);
  } catch {
    return printRfc4514(subject);
  }
}

/** The Host that is written in the configuration, if one is. */
function writtenHost(host: string): readonly string[] {
  return host === "preserve" || host === "upstream" ? [] : [host];
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

type Located = {
  readonly name: string;
  readonly address: TargetAddress;
  readonly authority: string;
  readonly basePath: string;
};

function locate(target: string): Located {
  if (target.startsWith("unix:"))
    return { name: target, address: { path: target.slice(5) }, authority: "localhost", basePath: "/" };
  const { protocol, host, hostname, port, pathname } = new URL(target);
  const secure = protocol === "https:";
  const plain = hostname.replace(/^\[|\]$/g, "");
  const address = { host: plain, port: Number(port || (secure ? 443 : 80)), secure };
  return { name: `${protocol}//${host}`, address, authority: host, basePath: pathname };
}

function upstreamSettings(
  { upstream, material, timeouts, host }: RouteSettings,
  targets: readonly Located[],
  secret: string | undefined,
): UpstreamSettings {
  const { balance, sticky, serverName, insecureAnyCertificate, health, connections, queue } = upstream;
  const [asked] = [...writtenHost(host), targets[0]?.authority ?? "localhost"];
  const known = secret === undefined ? "" : `Sallyport-Secret: ${secret}\r\n`;
  return {
    targets: targets.map(({ name, address }) => ({ name, address })),
    ...{ balance, timeouts, sticky: sticky !== undefined, limits: { connections, queue } },
    tls: {
      ...{ serverName, insecureAnyCertificate },
      authorities: material.authorities,
      certificate: material.own?.certificate,
      key: material.own?.key,
    },
    health: health && {
      head: `GET ${health.path} HTTP/1.1\r\nHost: ${asked}\r\nUser-Agent: Sallyport health check\r\n${known}Connection: close\r\n\r\n`,
      ...{ every: health.every, timeout: health.timeout, fall: health.fall, rise: health.rise },
    },
  };
}

function requestChanges(
  { requestHeaders, host }: RouteSettings,
  authority: string,
): RequestChanges | undefined {
  if (!requestHeaders && host === "preserve") return undefined;
  const { set, remove } = requestHeaders ?? { set: {}, remove: [] };
  return {
    dropped: new Set([...Object.keys(set), ...remove].map(foldName)),
    lines: Object.entries(set)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join(""),
    host: host === "preserve" ? undefined : host === "upstream" ? authority : host,
  };
}

function answerChanges(
  { responseHeaders }: RouteSettings,
  cors: Cors | undefined,
): AnswerChanges | undefined {
  if (!responseHeaders && !cors) return undefined;
  const { set, remove } = responseHeaders ?? { set: {}, remove: [] };
  return {
    dropped: lowerCase([...Object.keys(set), ...remove]),
    set: Object.entries(set).flat(),
    cors: cors && ((origin) => corsLines(cors, origin)),
  };
}
