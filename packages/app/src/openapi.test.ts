/** The OpenAPI document says what is true: every answer in it is had from the running app, and nothing answers beside it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { StoreUnavailable } from "./store/index.ts";
import { password, runningApi, type Asked, type JsonAnswer, type RunningApi } from "./testing/running-api.ts";

type Response = { readonly headers?: object; readonly content: Record<string, unknown> };
type Described = {
  readonly operationId: string;
  readonly security: readonly Record<string, unknown>[];
  readonly responses: Readonly<Record<string, Response>>;
};
type Document = { readonly paths: Record<string, Record<string, Described>> };

const base = "/api/v1";
const email = "subject@example.test";
const methods = ["get", "post", "put", "patch", "delete"];

/** Asks so that the operation succeeds. Each has an app of its own. */
const sound: Readonly<Record<string, (api: RunningApi) => Promise<[path: string, asked: Asked]>>> = {
  ping: () => Promise.resolve(["", {}]),
  openapi: () => Promise.resolve(["", {}]),
  register: () => Promise.resolve(["", { body: { email, password, name: "Test Subject" } }]),
  signIn: async ({ newcomer }) => (await newcomer(email), ["", { body: { email, password } }]),
  refresh: async ({ newcomer }) => ["", { token: (await newcomer(email)).refresh }],
  signOut: async ({ newcomer }) => ["", { token: (await newcomer(email)).refresh }],
  readUser: async ({ newcomer }) => [`?email=${email}`, { token: (await newcomer(email)).token }],
  changeUser: async ({ newcomer }) => ["", { token: (await newcomer(email)).token, body: { query: { email }, payload: { name: "Another" } } }],
  deleteUser: async ({ newcomer }) => ["", { token: (await newcomer(email)).token, body: { email } }],
  createTask: async ({ newcomer }) => ["", { token: (await newcomer(email)).token, body: { title: "t", status: "todo" } }],
  readTask: async (api) => ["?id=1", { token: await withTask(api) }],
  changeTask: async (api) => ["", { token: await withTask(api), body: { id: "1", payload: { status: "done" } } }],
  deleteTask: async (api) => ["", { token: await withTask(api), body: { id: "1" } }],
  listTasks: async (api) => ["?group=true", { token: await withTask(api) }],
}; // prettier-ignore

async function withTask({ ask, newcomer }: RunningApi): Promise<string> {
  const { token } = await newcomer(email);
  await ask("POST", "/task", { token, body: { title: "t", description: "d", status: "todo" } });
  return token;
}

/** Makes of what succeeds something that is answered with this status, whatever the operation. */
const spoilt: Readonly<Record<string, (asked: Asked) => { asked: Asked; query?: string }>> = {
  400: (asked) => ({ asked: { ...asked, ...("body" in asked && { body: {} }) }, query: "?nobody=asked" }),
  401: (asked) => ({ asked: { ...asked, token: undefined } }),
  403: (asked) => ({ asked: { ...asked, certificate: "Grace Hopper" } }),
  413: (asked) => ({ asked: { ...asked, body: "x".repeat(65_537) } }),
  415: (asked) => ({ asked: { ...asked, headers: { "Content-Type": "text/xml" } } }),
  422: (asked) => ({ asked: { ...asked, token: "garbage" } }),
};

/** Where that takes more than another request. */
const particular: Readonly<Record<string, (api: RunningApi, asked: Asked) => Promise<Asked>>> = {
  "signIn 401": (_, asked) => Promise.resolve({ ...asked, body: { email, password: "not this one" } }),
  "signIn 429": ({ ask }) => repeated(10, ask, "/auth", { body: { email, password: "not this one" } }),
  "register 409": async ({ ask }, asked) => (await ask("POST", "/register", asked), asked),
  "register 429": ({ ask }, asked) => repeated(20, ask, "/register", asked),
  "changeUser 404": (_, asked) => Promise.resolve({ ...asked, body: { query: { id: "7" }, payload: { name: "Another" } } }),
  "changeUser 409": async ({ newcomer }, asked) => {
    await newcomer("other@example.test");
    return { ...asked, body: { query: { email }, payload: { email: "other@example.test", current_password: password } } };
  },
  "changeUser 429": ({ ask }, asked) => {
    const body = { query: { email }, payload: { email: "new@example.test", current_password: "not this one" } };
    return repeated(10, ask, "/user", { ...asked, body }, "PATCH");
  },
  "changeTask 404": (_, asked) => Promise.resolve({ ...asked, body: { id: "7", payload: { status: "done" } } }),
  "createTask 409": async ({ store }, asked) => {
    const row = { user_id: 1, title: "t", description: null, status: "todo" as const, position: 1, created: 0, edited: null };
    for (let turn = 0; turn < 10; turn += 1) await store.db.insertInto("tasks").values(Array<typeof row>(100).fill(row)).execute();
    return asked;
  },
}; // prettier-ignore

async function repeated(times: number, ask: RunningApi["ask"], path: string, asked: Asked, method = "POST") {
  for (let turn = 0; turn < times; turn += 1) {
    // An address of one's own each time would not be counted: it is the same one.
    const { status } = await ask(method, path, asked);
    assert.notEqual(status, 429, `the ${turn + 1}th`);
  }
  return asked;
}

async function documentOf({ ask }: RunningApi): Promise<Document> {
  return (await ask("GET", `${base}/openapi.json`)).json as unknown as Document;
}

/** Does an answer keep to what the document says of it? */
function judge(document: Document, path: string, method: string, status: string, answer: JsonAnswer): void {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, "https://api.test/");
  const { content, headers = {} } = document.paths[path]?.[method]?.responses[status] ?? { content: {} };
  const type = (answer.headers.get("content-type") ?? "").replace(/;.*/, "");
  assert.ok(type in content, `${type} is not among ${Object.keys(content).join()}`);
  const pointer = ["paths", path, method, "responses", status, "content", type, "schema"]
    .map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1"))
    .join("/");
  const validate = ajv.compile({ $ref: `https://api.test/#/${pointer}` });
  assert.ok(validate(answer.json), JSON.stringify([validate.errors, answer.json]));
  for (const name of Object.keys(headers)) assert.ok(answer.headers.has(name), `${name} is missing`);
}

describe("the OpenAPI document", () => {
  it("is one, by OpenAPI's own schema", async (context) => {
    const api = await runningApi(context);
    const document = await documentOf(api);
    const result = await new Validator().validate(structuredClone(document));
    assert.deepEqual([result.valid, result.errors], [true, undefined]);
    assert.equal((document as unknown as { openapi: string }).openapi, "3.1.0");
  });

  it("leads to the app under the gateway's prefix", async (context) => {
    const { ask } = await runningApi(context);
    const { json } = await ask("GET", `${base}/openapi.json`, {
      headers: { "X-Forwarded-Prefix": "/flask/" },
    });
    assert.deepEqual(json["servers"], [{ url: "/flask/api/v1" }]);
  });

  it("describes every operation that is tried here, and no other", async (context) => {
    const { paths } = await documentOf(await runningApi(context));
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    assert.deepEqual(ids.sort(), Object.keys(sound).sort());
  });

  it("describes what happens: each answer of each operation is had, and keeps to its schema", async (context) => {
    const document = await documentOf(await runningApi(context));
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { operationId, responses }] of Object.entries(item)) {
        await context.test(`${method} ${path}`, async (inner) => {
          // What is refused leaves the app as it was: the next is tried on it. Success comes last.
          const statuses = Object.keys(responses).filter((each) => each !== "default");
          const isPlain = (status: string) => status in spoilt && !(`${operationId} ${status}` in particular);
          const shared = await attempt(await runningApi(inner), operationId);
          for (const status of statuses.toReversed()) {
            const api =
              isPlain(status) || status === "200"
                ? shared
                : await attempt(await runningApi(inner), operationId);
            const answer = await provoke(api, method, path, operationId, status);
            assert.equal(String(answer.status), status, JSON.stringify(answer.json));
            judge(document, path, method, status, answer);
          }
        });
      }
    }
  });

  it("is right about what goes wrong besides", async (context) => {
    const api = await runningApi(context);
    const document = await documentOf(api);
    const { token } = await api.newcomer(email);
    const cause = new Error("a secret");
    for (const [error, status, code] of [
      [cause, 500, "internal-error"],
      [new StoreUnavailable("full", cause), 503, "unavailable"],
    ] as const) {
      const broken = context.mock.method(api.store.db, "selectFrom", () => {
        throw error;
      });
      const answer = await api.ask("GET", "/user", { token });
      broken.mock.restore();
      assert.deepEqual([answer.status, answer.json["code"]], [status, code]);
      assert.equal(answer.headers.has("retry-after"), status === 503);
      const incident = String(answer.json["incident"]);
      assert.ok(api.log.some((line) => line.includes(incident)), incident); // prettier-ignore
      assert.ok(!JSON.stringify(answer.json).includes("secret"));
      judge(document, "/user", "get", "default", answer);
    }
  });

  it("leaves nothing out: no other method and no other address answers", async (context) => {
    const api = await runningApi(context);
    const { paths } = await documentOf(api);
    for (const [path, item] of Object.entries(paths)) {
      for (const method of methods.filter((each) => !(each in item))) {
        const { status, json, headers } = await api.ask(method.toUpperCase(), base + path);
        assert.deepEqual([status, json["code"]], [405, "method-not-allowed"], `${method} ${path}`);
        const allowed = Object.keys(item).map((each) => each.toUpperCase());
        assert.deepEqual(
          (headers.get("allow") ?? "").split(", ").filter((each) => each !== "HEAD"),
          allowed,
        );
      }
    }
    for (const path of [
      "/users",
      "/tasks",
      "/list",
      "/admin",
      "/user/1",
      "/USER",
      "/openapi.yaml",
      "/%75ser/",
    ]) {
      assert.equal((await api.ask("GET", base + path)).status, 404, path);
    }
  });
});

/** An app, and what succeeds there. */
async function attempt(api: RunningApi, id: string) {
  const [query, asked] = await (sound[id] ?? assert.fail(id))(api);
  return { api, query, asked };
}

async function provoke(
  { api, query, asked }: Awaited<ReturnType<typeof attempt>>,
  method: string,
  path: string,
  id: string,
  status: string,
): Promise<JsonAnswer> {
  const ask = (more: string, how: Asked) => api.ask(method.toUpperCase(), base + path + more, how);
  if (status === "200") return ask(query, asked);
  const special = particular[`${id} ${status}`];
  if (special) return ask(query, await special(api, asked));
  const made = (spoilt[status] ?? assert.fail(`how to have ${status} of ${id} is not said here`))(asked);
  return ask(made.query ?? query, made.asked);
}
