/** A project of docker compose as an operator starts it: under a name of its own, on a free port, gone when its test ends. */
import { randomBytes } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeDemo } from "@sallyport/certs";
import { freePort } from "../../support/free-port.ts";
import { runCurl } from "../../support/run-curl.ts";
import type { Scope } from "../../support/scope.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { anEngine, docker } from "./docker.ts";

export const root = join(import.meta.dirname, "../../..");

export type StackOptions = {
  /** Files of the folder `docker`, the first one `compose.yaml`. */
  readonly files?: readonly string[];
  /** More of compose's own YAML, laid over those files. */
  readonly override?: object;
  /** Builds more images under this tag, and says which variables name them. */
  readonly images?: (tag: string) => Promise<Readonly<Record<string, string>>>;
  /** The folder of `docker` that the gateway's configuration is copied from. */
  readonly config?: string;
  /** Changes the copy of `gateway.yaml` before the start. */
  readonly configure?: (text: string) => string;
};

const listed = (text: string) => text.split("\n").filter((line) => line !== "");

export type LogLine = Readonly<Record<string, unknown>>;

export type Stack = {
  readonly project: string;
  readonly port: number;
  /** What `npm run certs -- demo` makes. */
  readonly certs: string;
  /** The folder that is mounted as the gateway's configuration. */
  readonly config: string;
  readonly reconfigure: (change: (text: string) => string) => Promise<void>;
  readonly compose: (...words: string[]) => Promise<string>;
  /** curl from outside, as Grace unless it is said otherwise. */
  readonly curl: (path: string, ...words: string[]) => Promise<string>;
  readonly anonymously: (path: string, ...words: string[]) => Promise<string>;
  /** The containers of a service. */
  readonly containers: (service: string) => Promise<readonly string[]>;
  /** What the containers of a service have written to standard output, line for line. */
  readonly lines: (service: string) => Promise<readonly string[]>;
  /** Those lines, every one of which has to be JSON. */
  readonly log: (service: string) => Promise<readonly LogLine[]>;
};

/** Builds and starts, and waits until every container is healthy. */
export async function startStack(scope: Scope, options: StackOptions = {}): Promise<Stack> {
  const stack = await prepareStack(scope, options);
  await stack.compose("up", "--build", "--wait", "--wait-timeout", "120").catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${await stack.compose("logs", "--no-color")}`);
  });
  return stack;
}

/** Everything but the start. */
async function prepareStack(
  scope: Scope,
  {
    files = ["compose.yaml"],
    override,
    images = () => Promise.resolve({}),
    config = "gateway",
    configure = (text) => text,
  }: StackOptions = {},
): Promise<Stack> {
  await anEngine();
  const folder = await tempFolder(scope);
  const project = `sallyport-test-${randomBytes(6).toString("hex")}`;
  const certs = join(folder, "certs");
  await makeDemo({ folder: certs });
  await cp(join(root, "docker", config), join(folder, "config"), { recursive: true });
  const configFile = join(folder, "config/gateway.yaml");
  await writeFile(configFile, configure(await readFile(configFile, "utf8")));
  const port = await freePort();
  const paths = files.map((file) => join(root, "docker", file));
  if (override !== undefined) {
    paths.push(join(folder, "override.yaml"));
    await writeFile(join(folder, "override.yaml"), JSON.stringify(override));
  }
  scope.after(() => takeDown(project));
  const settings = {
    SALLYPORT_PORT: `127.0.0.1:${port}`,
    SALLYPORT_CERTS: certs,
    SALLYPORT_CONFIG: join(folder, "config"),
    SALLYPORT_TAG: project,
    ...(await images(project)),
  };
  const compose = (...words: string[]) =>
    docker(["compose", "--project-name", project, ...paths.flatMap((path) => ["--file", path]), ...words], {
      env: settings,
    });
  const ask = async (path: string, words: readonly string[]) => {
    const site = ["--cacert", join(certs, "root.pem"), "--write-out", "%{http_code}"];
    const { stdout, stderr } = await runCurl(...site, ...words, `https://localhost:${port}${path}`);
    return stderr === "" ? stdout : stderr;
  };
  const containers = async (service: string) => listed(await compose("ps", "--all", "--quiet", service));
  const lines = async (service: string) => {
    const said = (await containers(service)).map((container) => docker(["logs", container]));
    return (await Promise.all(said)).flatMap(listed);
  };
  return {
    ...{ project, port, certs, config: join(folder, "config"), compose, containers, lines },
    curl: (path, ...words) => ask(path, ["--cert", join(certs, "grace.pem"), ...words]),
    anonymously: (path, ...words) => ask(path, words),
    reconfigure: async (change) => {
      await writeFile(configFile, change(await readFile(configFile, "utf8")));
    },
    log: async (service) => (await lines(service)).map((line) => JSON.parse(line) as LogLine),
  };
}

/** Everything that has the project's name: by that alone, since the files may be gone by now. */
async function takeDown(project: string): Promise<void> {
  await docker([
    "compose",
    "--project-name",
    project,
    "down",
    "--volumes",
    "--remove-orphans",
    "--timeout",
    "1",
  ]);
  // By their names: a stack that runs beside this one has the same images under names of its own.
  const format = "{{ .Repository }}:{{ .Tag }}";
  const names = listed(
    await docker(["image", "ls", "--filter", `reference=*:${project}`, "--format", format]),
  );
  if (names.length > 0) await docker(["image", "rm", ...names]);
}
