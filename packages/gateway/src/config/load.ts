/** gateway.yaml and the files it names -> Settings, or every problem at once. */
import { dirname, resolve } from "node:path";
import { ConfigError, type Problem, type Report } from "./config-error.ts";
import { readMaterial, type Material } from "./material.ts";
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
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message, ...issue }) => {
        const unknown = "keys" in issue ? issue.keys : [];
        return {
          place: source.place([...path, ...unknown.slice(0, 1)]),
          path: [...path, ...unknown.slice(0, 1)].join("."),
          what: unknown.length > 0 ? "there is no such setting" : message,
          next: "see docs/configuration.md",
        };
      }),
    );
  }
  const problems: Problem[] = [];
  const report = (path: readonly PropertyKey[], what: string, next: string) => {
    problems.push({ place: source.place(path), path: path.join("."), what, next });
  };
  checkModes(parsed.data, report);
  checkPrefixes(parsed.data, report);
  const material = readMaterial(parsed.data, (name) => resolve(dirname(source.file), name), report);
  if (problems.length > 0 || material === undefined) throw new ConfigError(problems);
  return { ...parsed.data, material };
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

function checkPrefixes({ routes }: Config, report: Report): void {
  routes.forEach(({ prefix }, at) => {
    if (routes.findIndex((route) => route.prefix === prefix) < at) {
      report(["routes", at, "prefix"], `${prefix} is there twice`, "remove one of the two routes");
    }
  });
}
