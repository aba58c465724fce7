/** Settings that are each right and cannot be meant together. A setting without the effect it asks for is an error. */
import { dialects, foldName, hasVariable } from "@sallyport/identity";
import type { Report } from "./config-error.ts";
import type { Config, RouteConfig } from "./schema.ts";

/** Above all, certificates asked for where none can come. */
export function checkModes({ listen, tls, clients, hosts }: Config, report: Report): void {
  const everyClients = [clients, ...hosts.map((host) => host.clients)].filter((given) => given !== undefined);
  const required = everyClients.some(({ presence }) => presence === "required");
  listen.forEach(({ mode }, at) => {
    const path = ["listen", at, "mode"];
    if (mode !== "http" && !tls)
      report(path, `${mode} needs the gateway's certificate`, "add tls: { certificate: ..., key: ... }");
    if (mode === "mutual" && !clients)
      report(path, "mutual needs to know whom to trust", "add clients: { authorities: [...] }");
    if (mode !== "mutual" && required) {
      const what = `clients.presence is required, and on ${mode} no client can present a certificate`;
      report(path, what, "set mode: mutual, or presence: optional");
    }
  });
  if (everyClients.length > 0 && !listen.some(({ mode }) => mode === "mutual")) {
    const what = "client certificates are asked for, and no listener has mode: mutual";
    const at = hosts.findIndex((host) => host.clients !== undefined);
    const path = clients ? ["clients"] : ["hosts", at, "clients"];
    report(path, what, "set mode: mutual on a listener, or remove clients");
  }
}

/** A port can be listened on once. */
export function checkPorts({ listen, metrics, health }: Config, report: Report): void {
  const taken = (host: string, port: number, before: readonly { host: string; port: number }[]) =>
    port !== 0 && before.some((other) => other.port === port && other.host === host);
  listen.forEach(({ host, port }, at) => {
    if (taken(host, port, listen.slice(0, at)))
      report(["listen", at, "port"], `${port} on ${host} is listened on already`, "choose another port");
  });
  for (const [key, at] of Object.entries({ metrics, health })) {
    if (at === undefined || !taken(at.host, at.port, listen)) continue;
    const what = `${at.port} on ${at.host} is a port of listen: ${key === "health" ? "probes" : key} are not for clients`;
    report([key, "port"], what, "choose another port");
  }
}

/** What systemd has opened, it has opened for one process. */
export function checkSockets({ listen, workers }: Config, report: Report): void {
  listen.forEach(({ socket }, at) => {
    if (socket === undefined || workers === 1) return;
    const next = "set workers to 1, or let each open it: AmbientCapabilities=CAP_NET_BIND_SERVICE";
    report(["listen", at, "socket"], "several workers cannot have one socket of systemd's", next);
  });
}

/** A name belongs to one host. */
export function checkNames({ hosts }: Config, report: Report): void {
  const names = hosts.flatMap((host, at) =>
    host.names.map((name, nth) => ({ name, path: ["hosts", at, "names", nth] })),
  );
  for (const { name, path } of names.filter(
    ({ name }, at) => names.findIndex((other) => other.name === name) < at,
  ))
    report(path, `${name} is there twice`, "leave it with one host");
}

/**
 * Two routes with one prefix, two dialects that would write the same header, and demands on certificates where none are
 * asked for.
 * @param asked whether client certificates are asked for on this site
 * @param site where the routes' site stands in the configuration
 */
export function checkRoutes(
  routes: readonly RouteConfig[],
  asked: boolean,
  site: readonly PropertyKey[],
  report: Report,
): void {
  routes.forEach(({ prefix, identity, presence, rules, upstream, host }, at) => {
    const path = [...site, "routes", at];
    if (host === "upstream" && upstream.targets.length > 1)
      report([...path, "host"], "the upstream has several addresses", "write the name that all of them know");
    if (!asked && (presence === "required" || rules)) {
      const what = "asks about client certificates, and nothing says whose are accepted";
      report([...path, rules ? "rules" : "presence"], what, "add clients: { authorities: [...] }");
    }
    if (routes.findIndex((route) => route.prefix === prefix) < at)
      report([...path, "prefix"], `${prefix} is there twice`, "remove one of the two routes");
    identity.forEach(({ dialect: wanted, variables = [] }, nth) => {
      const spoken = dialects.find(({ name }) => name === wanted);
      for (const name of variables) {
        if (spoken && hasVariable(spoken, name)) continue;
        const what = `${wanted} has no variable ${name}`;
        report([...path, "identity", nth, "variables"], what, "see docs/identity-headers.md");
      }
    });
    const spoken = identity.map(({ dialect }) => dialect);
    const names = spoken.flatMap(
      (name) => dialects.find((dialect) => dialect.name === name)?.headerNames ?? [],
    );
    if (new Set(names.map(foldName)).size < names.length)
      report([...path, "identity"], `${spoken.join(" and ")} write the same headers`, "choose one of them");
  });
}
