import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { get, grace, runningApp, secret, secretLine, success } from "../testing/running-app.ts";
import { serve } from "../testing/serve.ts";
import { isFromGateway, trustedHop } from "./trusted-hop.ts";

type Seen = {
  readonly trusted: boolean;
  readonly rawHeaders: string[];
  readonly headers: Record<string, string>;
  readonly distinct: Record<string, string[]>;
};

async function whatARouteSees(context: TestContext, ...lines: string[]): Promise<Seen> {
  const hop = trustedHop({
    secret: { accepts: (candidate) => candidate === secret },
    onDistrust: () => undefined,
  });
  const server = createServer((request, response) => {
    hop(request, response, () => {
      const { rawHeaders, headers, headersDistinct } = request;
      response.end(
        JSON.stringify({ trusted: isFromGateway(request), rawHeaders, headers, distinct: headersDistinct }),
      );
    });
  });
  const { body } = await get(await serve(context, server), "/", ...lines);
  return JSON.parse(body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1)) as Seen;
}

describe("a request straight to the app with forged headers is nobody's", () => {
  const cases: Record<string, string[]> = {
    "no secret": [],
    "an empty secret": ["Sallyport-Secret:"],
    "a wrong secret": ["Sallyport-Secret: a-secret-for-tests-0123456789-abcdeX"],
    "the start of the secret": [`Sallyport-Secret: ${secret.slice(0, -1)}`],
    "the secret in another header": [`X-Sallyport-Secret: ${secret}`],
    "the right secret twice": [secretLine, secretLine],
    "a wrong secret before the right one": ["Sallyport-Secret: wrong", secretLine],
    "the right secret before a wrong one in another spelling": [secretLine, "SALLYPORT_SECRET: wrong"],
    "two secrets on one line": [`${secretLine}, ${secret}`],
  };
  for (const [name, lines] of Object.entries(cases)) {
    it(name, async (context) => {
      const app = await runningApp(context);
      const { status, body } = await app.get("/", ...lines, success, grace);
      assert.deepEqual([status, body], [200, "Hello Unauthorized!"]);
      assert.match(app.log.join(""), /"code":"gateway-secret-(?:missing|repeated|wrong)"/);
      assert.ok(!app.log.join("").includes(secret.slice(0, -1)));
    });
  }
});

it("a request with one line of the right secret is the gateway's", async (context) => {
  const app = await runningApp(context);
  const { body } = await app.get("/", secretLine, success, grace);
  assert.equal(body, "Hello Grace Hopper!\n");
  assert.deepEqual(app.log, []);
});

it("a request without the secret reaches the routes without a word that only the gateway may say", async (context) => {
  const claims = [
    success, grace, "ssl-client-s-dn: x", "HTTP_SSL_CLIENT_VERIFY: SUCCESS", "Client-Cert: :AA==:", "X-Forwarded-For: 1.2.3.4",
    "X-Forwarded-For: 1.2.3.4", "x_forwarded_prefix: /evil", "Forwarded: for=1.2.3.4", "Sallyport-Secret: wrong", "Remote-User: grace",
  ]; // prettier-ignore
  const seen = await whatARouteSees(context, "X-Kept: 1", ...claims, "X-Kept: 2");
  assert.equal(seen.trusted, false);
  assert.deepEqual(seen.rawHeaders, [
    "Host",
    "app.test",
    "Connection",
    "close",
    "X-Kept",
    "1",
    "X-Kept",
    "2",
  ]);
  assert.deepEqual(seen.headers, { host: "app.test", connection: "close", "x-kept": "1, 2" });
  assert.deepEqual(seen.distinct, { host: ["app.test"], connection: ["close"], "x-kept": ["1", "2"] });
});

it("the gateway's request keeps all it says, but the secret goes no further", async (context) => {
  const seen = await whatARouteSees(context, success, secretLine, "X-Forwarded-For: 1.2.3.4");
  assert.equal(seen.trusted, true);
  assert.equal(seen.headers["ssl_client_verify"], "SUCCESS");
  assert.deepEqual(seen.distinct["x-forwarded-for"], ["1.2.3.4"]);
  assert.ok(!JSON.stringify(seen).includes(secret));
});
