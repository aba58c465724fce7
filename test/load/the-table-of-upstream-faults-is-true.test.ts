import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { freePort } from "../support/free-port.ts";
import { faults, poison, type Fault } from "../support/faulty-upstream.ts";
import { connectRaw } from "../support/raw-client.ts";
import { okAnswer, recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const page = new URL("../../docs/upstream-faults.md", import.meta.url);

const columns = [
  { method: "GET", pooled: false },
  { method: "HEAD", pooled: false },
  { method: "POST", pooled: false },
  { method: "DELETE", pooled: false },
  { method: "GET", pooled: true },
  { method: "POST", pooled: true },
] as const;

/** What the page says: what the upstream does -> the cells beside it. */
async function rowsOfPage(): Promise<Map<string, string[]>> {
  const lines = (await readFile(page, "utf8")).split("\n").filter((line) => line.startsWith("| "));
  const rows = lines.slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
  return new Map(rows.map(([name = "", ...cells]) => [name, cells]));
}

test("the table of upstream faults is true", { timeout: 120_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  let fault: Fault | undefined;
  const backend = await recordingBackend(t, ({ target }, socket) => {
    if (target !== "/fault" || fault === undefined) return okAnswer;
    fault.act(socket);
    return undefined;
  });
  const nobody = await freePort();
  const timeouts = { firstByte: "400ms", idle: "400ms" };
  const target = (port: number) => `http://127.0.0.1:${port}/`;
  const routes = [
    { prefix: "/flask/", upstream: target(backend.port), timeouts },
    { prefix: "/nobody/", upstream: target(nobody), timeouts },
  ];
  const gateway = await startGateway(t, { ...gatewayConfig(authority, backend.port), routes });
  const connect = () => connectRaw({ port: gateway.port, identity: authority.grace });

  /** On its own connection: who comes next must get an answer of their own. */
  let asked = 0;
  const honest = async () => {
    const client = await connect();
    asked += 2;
    for (let count = 1; count <= 2; count += 1) {
      client.send("GET /flask/honest HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const answers = await client.awaitAnswers(count);
      assert.deepEqual([answers.at(-1)?.status, answers.at(-1)?.text], [200, "ok\n"]);
    }
    client.close();
  };

  const outcomeOf = async (path: string, method: string): Promise<string> => {
    const client = await connect();
    const body = method === "POST" ? "Content-Length: 2\r\n\r\nhi" : "\r\n";
    client.send(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${body}`);
    const answers = await client.awaitAnswers(1, method).catch(() => []);
    const received = client.received().toString("latin1");
    assert.ok(!received.includes(poison), `somebody else's octets: ${received}`);
    const ended = client.ended();
    client.close();
    const [answer] = answers;
    // A body without a length is whole when the connection ends: the gateway gives it one, or cuts it.
    if (answer && !(ended && answer.header("content-length") === undefined && !received.endsWith("\r\n0\r\n\r\n") && method !== "HEAD"))
      return String(answer.status);
    assert.ok(ended, `${path} hangs: ${received}`);
    return "cut";
  }; // prettier-ignore

  const observed = new Map<string, string[]>();
  const observe = async (name: string, path: string, once: (pooled: boolean) => Promise<void>) => {
    const cells: string[] = [];
    const before = gateway.log.length;
    for (const { method, pooled } of columns) {
      await once(pooled);
      cells.push(await outcomeOf(path, method));
      fault = undefined;
      await honest();
    }
    // The log is read by another way than the answers: it has them all when it has the last.
    const written = () => gateway.log.filter(({ path }) => path === "/flask/honest").length;
    await waitUntil(() => written() === asked, () => "the log is not complete"); // prettier-ignore
    const codes = new Set(gateway.log.slice(before).flatMap(({ code }) => (typeof code === "string" ? [code] : []))); // prettier-ignore
    observed.set(name, [...cells, [...codes].map((code) => `\`${code}\``).join(", ")]);
  };

  const documented = await rowsOfPage();
  const matches = (name: string) => {
    assert.deepEqual(observed.get(name), documented.get(name), `| ${[name, ...(observed.get(name) ?? [])].join(" | ")} |`); // prettier-ignore
  };

  for (const each of faults) {
    await t.test(each.name, async () => {
      await observe(each.name, "/flask/fault", async (pooled) => {
        fault = each;
        if (!pooled) backend.disconnect();
        else {
          await honest();
          // Once, on the pooled connection: whatever comes behind it on another one is answered.
          fault = {
            ...each,
            act(socket) {
              fault = undefined;
              each.act(socket);
            },
          };
        }
      });
      matches(each.name);
    });
  }
  await t.test("nobody listens", async () => {
    await observe("nobody listens there", "/nobody/", () => Promise.resolve());
    matches("nobody listens there");
  });
  await t.test("the page has no other rows", () => {
    assert.deepEqual([...documented.keys()].toSorted(), [...observed.keys()].toSorted());
  });
  await t.test("and nothing of it was a bug to the gateway", () => {
    assert.deepEqual(gateway.log.filter(({ level }) => level === "error"), []); // prettier-ignore
    assert.equal(gateway.stderr(), "");
  });
});
