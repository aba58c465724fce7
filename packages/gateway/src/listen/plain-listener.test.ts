import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { listenPlainly } from "./plain-listener.ts";

type Answer = { status: number | undefined; headers: IncomingMessage["headers"]; body: string };

async function serving(context: TestContext, render: () => Promise<string>) {
  const failures: unknown[] = [];
  const pages = { "/metrics": async () => ({ status: 200, body: await render(), type }), "/": soundly };
  const { address, close } = await listenPlainly({ host: "127.0.0.1", port: 0 }, pages, (error) =>
    failures.push(error),
  );
  context.after(close);
  const ask = async (path: string, method = "GET", agent?: Agent): Promise<Answer> => {
    const sent = request({ ...address, path, method, ...(agent && { agent }) }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    let body = "";
    for await (const part of response) body += String(part);
    return { status: response.statusCode, headers: response.headers, body };
  };
  return { address, close, ask, failures };
}

const type = "text/plain; version=0.0.4; charset=utf-8";
const soundly = () => Promise.resolve({ status: 200, body: "sound\n" });
const text = "# HELP x X\n# TYPE x gauge\nx 1\n";

describe("a small server of its own", { timeout: 15_000 }, () => {
  it("answers with a page, in its type", async (context) => {
    const { ask } = await serving(context, () => Promise.resolve(text));
    for (const path of ["/metrics", "/metrics?collect[]=x"]) {
      const { status, headers, body } = await ask(path);
      assert.equal(status, 200);
      assert.equal(body, text);
      assert.equal(headers["content-type"], type);
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["x-content-type-options"], "nosniff");
    }
  });

  it("answers HEAD with the same head and nothing else", async (context) => {
    const { ask } = await serving(context, () => Promise.resolve(text));
    const { status, headers, body } = await ask("/metrics", "HEAD");
    assert.deepEqual([status, headers["content-length"], body], [200, String(text.length), ""]);
  });

  it("has nothing else", async (context) => {
    const { ask } = await serving(context, () => Promise.reject(new Error("not to be asked")));
    for (const [path, method, expected] of [
      ["/toString", "GET", 404], ["/metrics/", "GET", 404], ["/metrics/../metrics", "GET", 404], ["//metrics", "GET", 404],
      ["/nowhere", "POST", 404], ["/metrics", "POST", 405], ["/metrics", "DELETE", 405],
    ] as const) {
      const { status, headers, body } = await ask(path, method);
      assert.equal(status, expected, `${method} ${path}`);
      assert.equal(body, "There is nothing here but GET /metrics and GET /.\n");
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers.allow, expected === 405 ? "GET, HEAD" : undefined);
    }
  }); // prettier-ignore

  it("says nothing of why a page could not be made, but to the operator", async (context) => {
    const { ask, failures } = await serving(context, () => Promise.reject(new Error("secret place")));
    const { status, body } = await ask("/metrics");
    assert.equal(status, 500);
    assert.doesNotMatch(body, /secret/);
    assert.match(String(failures), /secret place/);
  });

  it("keeps a connection, and ends all of them at once when it is closed", async (context) => {
    const { address, ask, close } = await serving(context, () => Promise.resolve(text));
    const agent = new Agent({ keepAlive: true });
    context.after(() => {
      agent.destroy();
    });
    const { headers } = await ask("/metrics", "GET", agent);
    assert.equal(headers.connection, "keep-alive");
    const idle = connect(address.port, address.host).on("error", () => undefined);
    await once(idle, "connect");
    await ask("/metrics", "GET", agent);
    const gone = once(idle, "close");
    await close();
    await gone;
    await assert.rejects(ask("/metrics"), /ECONNREFUSED/);
  });

  it("gives up on a head that does not end, or has no end of lines", async (context) => {
    const { address } = await serving(context, () => Promise.resolve(text));
    const answerTo = async (octets: string) => {
      const socket = connect(address.port, address.host).on("error", () => undefined);
      socket.write(octets);
      let got = "";
      socket.on("data", (part) => (got += String(part)));
      await once(socket, "close");
      return got.split("\r\n")[0];
    };
    const [slow, large] = await Promise.all([
      answerTo("GET /metrics HTTP/1.1\r\n"),
      answerTo(`GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(9000)}\r\n\r\n`),
    ]);
    assert.equal(slow, "HTTP/1.1 408 Request Timeout");
    assert.equal(large, "HTTP/1.1 431 Request Header Fields Too Large");
  });

  it("says why it cannot listen", async (context) => {
    const { address } = await serving(context, () => Promise.resolve(text));
    await assert.rejects(
      listenPlainly(address, { "/": soundly }, () => undefined),
      { code: "EADDRINUSE" },
    );
  });
});
