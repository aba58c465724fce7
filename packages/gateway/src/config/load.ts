/** gateway.yaml and the files it names -> Settings, or every problem at once. */
import { dirname, resolve } from "node:path";
import { dialects, foldName, hasVariable } from "@sallyport/identity";
import { ConfigError, type Problem, type Report } from "./config-error.ts";
import { readMaterial, type Material, type MaterialConfig } from "./material.ts";
import { schema, type Config } from "./schema.ts";
import { readYaml } from "./yaml-source.ts";

/** What the gateway runs on: the configuration, and the contents of the files it names. */
export type Settings = Config & { readonly material: Material };

/**
 * @param file relative paths inside it are relative to its folder
 * @throws ConfigError with all problems
 */
export function loadSettings(file: string): Settings {
  const source = readYaml(file);
  const parsed = schema.safeParse(source.value ?? {});
  const problems: Problem[] = [];
  const report = (path: readonly PropertyKey[], what: string, next: string) => {
    problems.push({ place: source.place(path), path: path.join("."), what, next });
  };
  for (const { path, message, ...issue } of parsed.error?.issues ?? []) {
    const unknown = "keys" in issue ? issue.keys : [];
    for (const key of unknown)
      report([...path, key], "there is no such setting", "see docs/configuration.md");
    if (unknown.length === 0) report(path, message, "see docs/configuration.md");
  }
  const locate = (name: string) => resolve(dirname(source.file), name);
  if (!parsed.success) {
    readMaterial(soundParts(source.value), locate, report);
    throw new ConfigError(problems);
  }
  checkModes(parsed.data, report);
  checkRoutes(parsed.data, report);
  const material = readMaterial(parsed.data, locate, report);
  if (problems.length > 0 || material === undefined) throw new ConfigError(problems);
  return { ...parsed.data, material };
}

/** The parts that can be looked at although others are broken: a person should not have to mend one file twice. */
function soundParts(value: unknown): MaterialConfig {
  const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return {
    tls: schema.shape.tls.safeParse(given["tls"]).data,
    clients: schema.shape.clients.safeParse(given["clients"]).data,
    backendSecret: schema.shape.backendSecret.safeParse(given["backendSecret"]).data,
  };
}

/** A setting that could not have the effect it asks for is an error: above all, certificates asked for where none can come. */
function checkModes({ listen, tls, clients }: Config, report: Report): void {
  listen.forEach(({ mode }, at) => {
    const path = ["listen", at, "mode"];
    if (mode !== "http" && !tls)
      report(path, `${mode} needs the gateway's certificate`, "add tls: { certificate: ..., key: ... }");
    if (mode === "mutual" && !clients)
      report(path, "mutual needs to know whom to trust", "add clients: { authorities: [...] }");
    if (mode !== "mutual" && clients?.presence === "required") {
      report(
        path,
        `clients.presence is required, and on ${mode} no client can present a certificate`,
        "set mode: mutual, or presence: optional",
      );
    }
  });
  if (clients && !listen.some(({ mode }) => mode === "mutual")) {
    report(
      ["clients"],
      "client certificates are asked for, and no listener has mode: mutual",
      "set mode: mutual on a listener, or remove clients",
    );
  }
}

/** Two routes with one prefix, and two dialects that would write the same header: one of them would be without effect. */
function checkRoutes({ routes }: Config, report: Report): void {
  routes.forEach(({ prefix, identity }, at) => {
    if (routes.findIndex((route) => route.prefix === prefix) < at) {
      report(["routes", at, "prefix"], `${prefix} is there twice`, "remove one of the two routes");
    }
    identity.forEach(({ dialect: wanted, variables = [] }, nth) => {
      const spoken = dialects.find(({ name }) => name === wanted);
      for (const name of variables) {
        if (spoken && hasVariable(spoken, name)) continue;
        const path = ["routes", at, "identity", nth, "variables"];
        report(path, `${wanted} has no variable ${name}`, "see docs/identity-headers.md");
      }
    });
    const spoken = identity.map(({ dialect }) => dialect);
    const names = spoken.flatMap(
      (name) => dialects.find((dialect) => dialect.name === name)?.headerNames ?? [],
    );
    if (new Set(names.map(foldName)).size < names.length) {
      report(
        ["routes", at, "identity"],
        `${spoken.join(" and ")} write the same headers`,
        "choose one of them",
      );
    }
  });
}
