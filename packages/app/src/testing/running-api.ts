/** The app as a client of its API has it: JSON out, JSON in, by token or by certificate. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Passwords } from "../auth/password/passwords.ts";
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

export type RunningApiOptions = {
  /** Another one than in memory, migrated. */
  readonly store?: Store;
  readonly passwords?: Passwords;
};

/** Every answer that comes is looked up in the OpenAPI document: one that is not in it fails the test. */
export async function runningApi(
  context: TestContext,
  { store, passwords }: RunningApiOptions = {},
): Promise<RunningApi> {
  const app = await runningApp(context, undefined, passwords, store);
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
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : { text };
    isDocumented(await documented(app.target), method, path, answer.status, json);
    return { status: answer.status, headers: answer.headers, json };
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

type Paths = Readonly<Record<string, Record<string, { responses: Record<string, { description: string }> }>>>;
let paths: Promise<Paths> | undefined;

/** The same for every app: it is asked for once. */
function documented({ host, port }: RunningApp["target"]): Promise<Paths> {
  paths ??= fetch(`http://${host}:${port}/api/v1/openapi.json`)
    .then((answer) => answer.json())
    .then((document) => (document as { paths: Paths }).paths);
  return paths;
}

/** 405 and 404 are of addresses that the document does not have; 500 and 503 are its default. */
function isDocumented(
  all: Paths,
  method: string,
  address: string,
  status: number,
  json: Record<string, unknown>,
): void {
  const path = address.replace(/[?].*/, "").replace(/^[/]api[/]v1(?:[.]0)?(?=[/])/, "");
  const responses = all[path]?.[method.toLowerCase()]?.responses;
  const isPage = "text" in json;
  if (responses === undefined || isPage || status >= 500) return;
  const described =
    responses[status]?.description ?? assert.fail(`${method} ${path} answers ${status}, undocumented`);
  const code = json["code"];
  if (typeof code === "string") assert.ok(described.split(/[ ,:]+/).includes(code), `${method} ${path} answers ${code}, undocumented`); // prettier-ignore
}
