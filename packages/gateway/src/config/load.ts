/** gateway.yaml and the files it names -> Settings, or every problem at once. */
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { checkModes, checkNames, checkPorts, checkRoutes, checkSockets } from "./checks.ts";
import { ConfigError, type Problem, type Report } from "./config-error.ts";
import {
  createMaterialReader,
  type ClientsMaterial,
  type MaterialReader,
  type TlsMaterial,
  type UpstreamMaterial,
} from "./material.ts";
import { schema, type Config, type RouteConfig } from "./schema.ts";
import { inWords } from "./in-words.ts";
import { readYaml } from "./yaml-source.ts";

z.config({ customError: inWords });

/** A route, and what the files of its upstream hold. */
export type RouteSettings = RouteConfig & { readonly material: UpstreamMaterial };

/** What is served under some names: a certificate, whose clients are believed, and routes. */
export type SiteSettings = {
  /** Lower case, `*.` in front of some; none for the one that serves every other name. */
  readonly names: readonly string[];
  readonly tls: TlsMaterial | undefined;
  readonly clients: ClientsMaterial | undefined;
  readonly routes: readonly RouteSettings[];
};

/** What the gateway runs on: the configuration, and the contents of the files it names. */
export type Settings = Pick<
  Config,
  "listen" | "log" | "contact" | "metrics" | "health" | "workers" | "reloadOnChange" | "drainTimeout"
> & {
  /** The site of all names that no other has. */
  readonly site: SiteSettings;
  readonly hosts: readonly SiteSettings[];
  readonly tlsLimits: { readonly minVersion: "TLSv1.2" | "TLSv1.3"; readonly ciphers: string | undefined };
  readonly backendSecret: string | undefined;
  /** What the keys of session tickets are made from, where other gateways have it too. */
  readonly ticketSecret: Buffer | undefined;
  /** Everything that was read, absolute. */
  readonly files: readonly string[];
  /** What the sources of revocation read by themselves. */
  readonly revocationFiles: readonly string[];
  /** `gateway.yaml:3`, for problems that show later. */
  readonly place: (path: readonly PropertyKey[]) => string;
};

/**
 * @param file relative paths inside it are relative to its folder
 * @throws ConfigError with all problems
 */
export function loadSettings(file: string): Settings {
  const source = readYaml(file);
  const parsed = schema.safeParse(source.value ?? {});
  const problems: Problem[] = [];
  const report: Report = (path, what, next) => {
    problems.push({ place: source.place(path), path: path.join("."), what, next });
  };
  for (const { path, what } of problemsOfShape(parsed.error?.issues ?? []))
    report(path, what, "see docs/configuration.md");
  const reader = createMaterialReader((name) => resolve(dirname(source.file), name), report);
  if (!parsed.success) {
    lookAtSoundParts(source.value, reader);
    throw new ConfigError(problems, reader.files());
  }
  const { data } = parsed;
  checkModes(data, report);
  checkPorts(data, report);
  checkSockets(data, report);
  checkNames(data, report);
  checkRoutes(data.routes, data.clients !== undefined, [], report);
  data.hosts.forEach(({ routes, clients }, at) => {
    checkRoutes(routes, (clients ?? data.clients) !== undefined, ["hosts", at], report);
  });
  const { hosts, ...site } = readSites(data, reader);
  const backendSecret = data.backendSecret && reader.secret(data.backendSecret);
  const ticketSecret = data.tls?.ticketSecret && reader.ticketSecret(data.tls.ticketSecret);
  if (problems.length > 0) throw new ConfigError(problems, reader.files());
  const { listen, log, contact, metrics, health, workers, reloadOnChange, drainTimeout, tls } = data;
  return {
    ...{ listen, log, contact, metrics, health, workers, reloadOnChange, drainTimeout },
    ...{ site, hosts, backendSecret, ticketSecret },
    tlsLimits: { minVersion: tls?.minVersion ?? "TLSv1.2", ciphers: tls?.ciphers },
    files: [resolve(source.file), ...reader.files()],
    revocationFiles: [site, ...hosts].flatMap(
      ({ clients }) => clients?.revocation.flatMap(({ file }) => file ?? []) ?? [],
    ),
    place: source.place,
  };
}

type ShapeProblem = { readonly path: readonly PropertyKey[]; readonly what: string };

/** What follows from a key that is misspelt, "must have exactly one of ...", is left out: the misspelling is what to mend. */
function problemsOfShape(issues: readonly z.core.$ZodIssue[]): ShapeProblem[] {
  const misspelt = issues.filter((issue) => issue.code === "unrecognized_keys");
  const follows = ({ code, path }: z.core.$ZodIssue) =>
    code === "custom" && misspelt.some((issue) => issue.path.join("\0") === path.join("\0"));
  return [
    ...misspelt.flatMap(({ keys, path }) =>
      keys.map((key) => ({ path: [...path, key], what: "there is no such setting" })),
    ),
    ...issues
      .filter((issue) => issue.code !== "unrecognized_keys" && !follows(issue))
      .map(({ path, message }) => ({ path, what: message })),
  ];
}

function readSites(
  { tls, clients, routes, hosts }: Config,
  reader: MaterialReader,
): SiteSettings & { readonly hosts: readonly SiteSettings[] } {
  const readRoutes = (given: readonly RouteConfig[], path: readonly PropertyKey[]) =>
    given.map((route, at) => ({
      ...route,
      material: reader.upstream(route.upstream, [...path, at, "upstream"]),
    }));
  const site = {
    names: [],
    tls: tls && reader.tls(tls, ["tls"]),
    clients: clients && reader.clients(clients, ["clients"]),
    routes: readRoutes(routes, ["routes"]),
  };
  return {
    ...site,
    hosts: hosts.map((host, at) => ({
      names: host.names,
      tls: host.tls ? reader.tls(host.tls, ["hosts", at, "tls"]) : site.tls,
      clients: host.clients ? reader.clients(host.clients, ["hosts", at, "clients"]) : site.clients,
      routes: readRoutes(host.routes, ["hosts", at, "routes"]),
    })),
  };
}

/** The parts that can be looked at although others are broken: a person should not have to mend one file twice. */
function lookAtSoundParts(value: unknown, reader: MaterialReader): void {
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const tls = schema.shape.tls.safeParse(given["tls"]).data;
  const clients = schema.shape.clients.safeParse(given["clients"]).data;
  const secret = schema.shape.backendSecret.safeParse(given["backendSecret"]).data;
  if (tls) reader.tls(tls, ["tls"]);
  if (clients) reader.clients(clients, ["clients"]);
  if (secret) reader.secret(secret);
}
