/** The app's settings: one schema over the environment. */
import { isIPv4 } from "node:net";
import { dialects } from "@sallyport/identity";
import { z } from "zod";
import { GatewaySecretError, openGatewaySecret } from "./auth/gateway-secret.ts";
import type { GatewaySecret } from "./auth/gateway-secret.ts";
import { ConfigError } from "./config-error.ts";
import type { ListenTarget } from "./listen.ts";

export type Config = {
  readonly target: ListenTarget;
  readonly secret: GatewaySecret;
  /** Name of the identity dialect that the gateway's route speaks. */
  readonly dialect: string;
};

const dialectNames = dialects.map(({ name }) => name);

const settings = z.object({
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
});

function openSecret(file: string, context: z.RefinementCtx): GatewaySecret {
  try {
    return openGatewaySecret(file);
  } catch (error) {
    if (!(error instanceof GatewaySecretError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
}

/**
 * @param environment `process.env`; a variable that is set to nothing counts as left out
 * @throws ConfigError naming every variable that is wrong, what was found and what is allowed
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const { data, error } = settings.safeParse(given);
  const problems = [
    ...(error?.issues ?? []).map((issue) => describe(String(issue.path[0]), given, issue.message)),
    ...conflicts(given),
  ];
  if (data === undefined || problems.length > 0) throw new ConfigError(problems);
  return {
    target:
      data.SALLYPORT_APP_SOCKET === undefined
        ? { host: data.SALLYPORT_APP_HOST ?? "127.0.0.1", port: data.SALLYPORT_APP_PORT ?? 5000 }
        : { path: data.SALLYPORT_APP_SOCKET },
    secret: data.SALLYPORT_BACKEND_SECRET_FILE,
    dialect: data.SALLYPORT_APP_DIALECT,
  };
}

/** What no variable shows by itself. Looked at apart from the schema, which would keep quiet once a variable is wrong. */
function conflicts(given: Readonly<Record<string, string | undefined>>): string[] {
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
  return problems;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

function describe(
  name: string,
  given: Readonly<Record<string, string | undefined>>,
  message: string,
): string {
  const found = given[name];
  return `${name} is ${found === undefined ? "not set" : JSON.stringify(found)}; ${message}`;
}
