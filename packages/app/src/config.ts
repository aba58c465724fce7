/** The app's settings: one schema over the environment. */
import { isIPv4 } from "node:net";
import { join } from "node:path";
import { dialects } from "@sallyport/identity";
import { z } from "zod";
import { openAppKeys, openOrMakeAppKeys, type AppKeys } from "./auth/app-keys.ts";
import { openGatewaySecret, type GatewaySecret } from "./auth/gateway-secret.ts";
import { ConfigError } from "./config-error.ts";
import type { ListenTarget } from "./listen.ts";
import { makeSecret, PrivateFileError, readPrivateFile } from "./private-file.ts";
import type { RedisTarget, StoreTarget } from "./store/index.ts";

export type Config = {
  readonly target: ListenTarget;
  readonly secret: GatewaySecret;
  /** Name of the identity dialect that the gateway's route speaks. */
  readonly dialect: string;
  readonly store: StoreTarget;
  /** Where sessions and counters are when several processes share them; in the store and in memory when left out. */
  readonly redis: RedisTarget | undefined;
  /** Cookies and tokens are signed with keys from it. */
  readonly keys: AppKeys;
  /** Tokens that were signed with keys from the secret before are still believed. */
  readonly previousKeys: readonly AppKeys[];
  /** Seconds that an access token of the API lives. */
  readonly accessLifetime: number;
  /** `/crashme` is there. */
  readonly isDevelopment: boolean;
};

/** What commands need that do not serve. */
export type StoreConfig = Pick<Config, "store">;

type Environment = Readonly<Record<string, string | undefined>>;

const dialectNames = dialects.map(({ name }) => name);

const passwordFile = z.string().transform((path, context) => {
  try {
    return Buffer.from(readPrivateFile(path, "put the password there, and nothing else"), "latin1").toString("utf8").trim(); // prettier-ignore
  } catch (error) {
    return refuse(error, context);
  }
});

/** An address without a password: what is set is shown by `ps e`, and in messages about it. */
function isAddress(text: string, schemes: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && schemes.includes(url.protocol) && url.hostname !== "" && url.password === "";
}

const storeSettings = z.object({
  SALLYPORT_APP_DATA: z.string().default(".run/app-data"),
  SALLYPORT_APP_DATABASE: z
    .string()
    .refine(
      (text) => isAddress(text, ["postgres:", "postgresql:"]) || !/^(?:postgres(?:ql)?:|\w+:\/\/)/.test(text),
      "allowed: a file's path, or postgres://user@host/database without a password",
    )
    .optional(),
  SALLYPORT_APP_DATABASE_PASSWORD_FILE: passwordFile.optional(),
});

const settings = storeSettings.extend({
  SALLYPORT_APP_HOST: z.string().optional(),
  SALLYPORT_APP_PORT: z
    .string()
    .refine(
      (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535,
      "allowed: a whole number from 0 to 65535; 0 takes any free port",
    )
    .transform(Number)
    .optional(),
  SALLYPORT_APP_SOCKET: z
    .string()
    // sockaddr_un holds 108 bytes on Linux and 104 on BSD, the closing NUL included.
    .refine((path) => Buffer.byteLength(path) < 104, "allowed: the path of a Unix socket, 103 bytes at most")
    .optional(),
  SALLYPORT_APP_INSECURE_ANY_HOST: z.literal("1", "allowed: 1, or leave it out").optional(),
  SALLYPORT_APP_DIALECT: z
    .enum(dialectNames, `allowed: one of ${dialectNames.join(", ")}`)
    .default("ssl-client"),
  SALLYPORT_BACKEND_SECRET_FILE: z
    .string("allowed: the path of the file that holds the gateway's secret")
    .transform(openSecret),
  SALLYPORT_APP_SECRET_FILE: z.string().transform(openKeys).optional(),
  SALLYPORT_APP_PREVIOUS_SECRET_FILE: z.string().transform(openKeys).optional(),
  SALLYPORT_APP_TOKEN_MINUTES: z
    .string()
    .refine(
      (text) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1440,
      "allowed: a whole number of minutes from 1 to 1440, which is a day",
    )
    .transform(Number)
    .default(15),
  SALLYPORT_APP_REDIS: z
    .string()
    .refine(
      (text) => isAddress(text, ["redis:", "rediss:"]),
      "allowed: redis://host:6379, without a password",
    )
    .optional(),
  SALLYPORT_APP_REDIS_PASSWORD_FILE: passwordFile.optional(),
  SALLYPORT_APP_DEVELOPMENT: z.literal("1", "allowed: 1, or leave it out").optional(),
});

function openSecret(path: string, context: z.RefinementCtx): GatewaySecret {
  try {
    return openGatewaySecret(path);
  } catch (error) {
    return refuse(error, context);
  }
}

function openKeys(path: string, context: z.RefinementCtx): AppKeys {
  try {
    return openAppKeys(path);
  } catch (error) {
    return refuse(error, context);
  }
}

function refuse(error: unknown, context: z.RefinementCtx): never {
  if (!(error instanceof PrivateFileError)) throw error;
  context.addIssue({ code: "custom", message: error.message });
  return z.NEVER;
}

/**
 * @param environment `process.env`; a variable that is set to nothing counts as left out
 * @throws ConfigError naming every variable that is wrong, what was found and what is allowed
 */
export function loadConfig(environment: Environment): Config {
  const data = read(settings, environment, conflicts);
  const store = storeIn(data);
  return {
    target:
      data.SALLYPORT_APP_SOCKET === undefined
        ? { host: data.SALLYPORT_APP_HOST ?? "127.0.0.1", port: data.SALLYPORT_APP_PORT ?? 5000 }
        : { path: data.SALLYPORT_APP_SOCKET },
    secret: data.SALLYPORT_BACKEND_SECRET_FILE,
    dialect: data.SALLYPORT_APP_DIALECT,
    store,
    redis:
      data.SALLYPORT_APP_REDIS === undefined
        ? undefined
        : { url: data.SALLYPORT_APP_REDIS, password: data.SALLYPORT_APP_REDIS_PASSWORD_FILE },
    keys: data.SALLYPORT_APP_SECRET_FILE ?? keysIn(data.SALLYPORT_APP_DATA),
    previousKeys: data.SALLYPORT_APP_PREVIOUS_SECRET_FILE ? [data.SALLYPORT_APP_PREVIOUS_SECRET_FILE] : [],
    accessLifetime: data.SALLYPORT_APP_TOKEN_MINUTES * 60,
    isDevelopment: data.SALLYPORT_APP_DEVELOPMENT === "1",
  };
}

/** The same for the commands that open the store and serve nobody. @throws ConfigError */
export function loadStoreConfig(environment: Environment): StoreConfig {
  return { store: storeIn(read(storeSettings, environment, () => [])) };
}

function read<Settings>(
  schema: z.ZodType<Settings>,
  environment: Environment,
  conflictsIn: (given: Environment) => readonly string[],
): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const { data, error } = schema.safeParse(given);
  const problems = [
    ...(error?.issues ?? []).map((issue) => describe(String(issue.path[0]), given, issue.message)),
    ...conflictsIn(given),
  ];
  if (data === undefined || problems.length > 0) throw new ConfigError(problems);
  return data;
}

function storeIn(data: z.infer<typeof storeSettings>): StoreTarget {
  const database = data.SALLYPORT_APP_DATABASE ?? join(data.SALLYPORT_APP_DATA, "app.sqlite");
  return isServer(database)
    ? { url: database, password: data.SALLYPORT_APP_DATABASE_PASSWORD_FILE }
    : { file: database };
}

/** @throws ConfigError when the data folder cannot be written to */
function keysIn(folder: string): AppKeys {
  try {
    return openOrMakeAppKeys(join(folder, "secret"));
  } catch (error) {
    if (!(error instanceof PrivateFileError)) throw error;
    throw new ConfigError([error.message]);
  }
}

function isServer(database: string | undefined): boolean {
  return /^postgres(?:ql)?:/.test(database ?? "");
}

/** What no variable shows by itself. Looked at apart from the schema, which would keep quiet once a variable is wrong. */
function conflicts(given: Environment): string[] {
  const host = given["SALLYPORT_APP_HOST"];
  const problems: string[] = [];
  if (host !== undefined && !isLoopback(host) && given["SALLYPORT_APP_INSECURE_ANY_HOST"] !== "1") {
    const allowed =
      "allowed: 127.0.0.1, ::1 or localhost, so that only this machine reaches the app; to listen elsewhere all the same, set SALLYPORT_APP_INSECURE_ANY_HOST=1";
    problems.push(describe("SALLYPORT_APP_HOST", given, allowed));
  }
  const rival = ["SALLYPORT_APP_HOST", "SALLYPORT_APP_PORT"].find((name) => given[name] !== undefined);
  if (given["SALLYPORT_APP_SOCKET"] !== undefined && rival !== undefined) {
    problems.push(describe("SALLYPORT_APP_SOCKET", given, `allowed: a socket or ${rival}, not both`));
  }
  if (isServer(given["SALLYPORT_APP_DATABASE"]) && given["SALLYPORT_APP_SECRET_FILE"] === undefined) {
    const allowed = `allowed: with PostgreSQL, a file that every process of this app has: ${makeSecret("app.secret")}`;
    problems.push(describe("SALLYPORT_APP_SECRET_FILE", given, allowed));
  }
  return problems;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

function describe(name: string, given: Environment, message: string): string {
  const found = given[name]?.replace(/(:\/\/[^/@:]*:)[^/@]*@/, "$1(a password)@");
  return `${name} is ${found === undefined ? "not set" : JSON.stringify(found)}; ${message}`;
}
