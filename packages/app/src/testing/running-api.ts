/** The app as a client of its API has it: JSON out, JSON in, by token or by certificate. */
import type { TestContext } from "node:test";
import type { Store } from "../store/index.ts";
import { runningApp, secret, type RunningApp } from "./running-app.ts";

export type Asked = {
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly token?: string | undefined;
  /** The CN of a certificate that the gateway vouches for. */
  readonly certificate?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type JsonAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, unknown>;
};

export type Tokens = { readonly token: string; readonly refresh: string };

export type RunningApi = RunningApp & {
  readonly ask: (method: string, path: string, asked?: Asked) => Promise<JsonAnswer>;
  /** Registers, and signs in. */
  readonly newcomer: (email: string) => Promise<Tokens>;
};

export const password = "a password for tests";

/** @param store another one than in memory, migrated */
export async function runningApi(context: TestContext, store?: Store): Promise<RunningApi> {
  const app = await runningApp(context, undefined, undefined, store);
  const { host, port } = app.target;
  const ask: RunningApi["ask"] = async (method, path, { body, token, certificate, headers } = {}) => {
    const answer = await fetch(`http://${host}:${port}${path}`, {
      method,
      redirect: "manual",
      headers: {
        "Sallyport-Secret": secret,
        ...(certificate !== undefined && {
          SSL_CLIENT_VERIFY: "SUCCESS",
          SSL_CLIENT_S_DN: `CN=${certificate}`,
          SSL_CLIENT_I_DN: "CN=An authority for tests",
        }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = (answer.headers.get("content-type") ?? "").includes("json");
    return {
      status: answer.status,
      headers: answer.headers,
      json: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  };
  return {
    ...app,
    ask,
    async newcomer(email) {
      await ask("POST", "/api/v1/register", { body: { email, password } });
      const { json } = await ask("POST", "/api/v1/auth", { body: { email, password } });
      return json["data"] as Tokens;
    },
  };
}
