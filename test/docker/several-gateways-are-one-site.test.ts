/** Two gateways behind a real balancer, two apps with a real database: who comes notices nothing of it, not even when one dies. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { connectRaw } from "../support/raw-client.ts";
import { waitUntil } from "../support/wait-until.ts";
import { docker } from "./support/docker.ts";
import { startStack, type Stack } from "./support/stack.ts";
import { visitors } from "./support/visitors.ts";

const images = join(import.meta.dirname, "images");
const greeting = "Hello Grace Hopper!\n";

/** HAProxy, PostgreSQL and Redis out of Debian's packages: the official images may be out of reach, the programs are the same. */
async function servers(tag: string): Promise<Readonly<Record<string, string>>> {
  const built = ["haproxy", "postgres", "redis"].map(async (name) => {
    const image = `sallyport-test-${name}:${tag}`;
    const words = ["build", "--quiet", "--file", join(images, `${name}.Dockerfile`), "--tag", image, images];
    await docker(words, { limit: 400_000 });
    return [`${name.toUpperCase()}_IMAGE`, image] as const;
  });
  return Object.fromEntries(await Promise.all(built));
}

void test("several gateways", async (context) => {
  const stack = await startStack(context, {
    files: ["compose.yaml", "compose.scale.yaml"],
    config: "scale",
    images: servers,
  });
  const gateways = await stack.containers("gateway");
  const apps = await stack.containers("app");

  await context.test("are two, with two apps", () => {
    assert.deepEqual([gateways.length, apps.length], [2, 2]);
  });

  await context.test("all serve", async () => {
    for (let visit = 0; visit < 12; visit += 1) assert.equal(await stack.curl("/flask/"), `${greeting}200`);
    for (const gateway of gateways) assert.ok((await served(gateway)).length >= 4);
  });

  await context.test("write down the client's own address, not the balancer's", async () => {
    const tls = { cert: "grace.pem", key: "grace.pem" };
    const script = `const { get } = require("https"); const { readFileSync } = require("fs");
      const pem = readFileSync("/certs/${tls.cert}");
      get("https://balancer:8443/flask/", { cert: pem, key: pem, rejectUnauthorized: false, headers: { Host: "localhost" } },
        (answer) => { console.log(answer.statusCode, answer.socket.localAddress); process.exit(); });`;
    const said = await docker(["run", "--rm", "--network", `${stack.project}_outside`, "--user", "0:0", "--volume", `${stack.certs}:/certs:ro`, "--entrypoint", "node", `sallyport-app:${stack.project}`, "-e", script]); // prettier-ignore
    const [status, address] = said.trim().split(" ");
    assert.equal(status, "200");
    await waitUntil(
      async () =>
        (await Promise.all(gateways.map(served))).flat().some((exchange) => exchange.address === address),
      () => `no gateway has seen ${address ?? "anybody"}`,
    );
  });

  await context.test("let each other's sessions resume", async () => {
    const pem = readFileSync(join(stack.certs, "grace.pem"), "utf8");
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const options = { port: stack.port, identity: { cert: pem, key: pem }, version };
      const ask = async (session?: Buffer) => {
        const connection = await connectRaw({ ...options, session });
        connection.send("GET /flask/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        const [answer] = await connection.awaitAnswers(1);
        connection.close();
        assert.equal(answer?.text, greeting);
        return connection;
      };
      const session = (await ask()).session();
      const before = await Promise.all(gateways.map(async (gateway) => (await served(gateway)).length));
      for (let visit = 0; visit < 8; visit += 1) assert.ok((await ask(session)).resumed, version);
      const after = await Promise.all(gateways.map(async (gateway) => (await served(gateway)).length));
      for (const [at, count] of after.entries()) assert.ok(count > (before[at] ?? 0), "both were asked");
    }
  });

  await context.test("stand in for one that is killed: only what it had under way is lost", async () => {
    const people = visitors(stack, 12, greeting);
    await waitUntil(
      () => people.served() > 100,
      () => `only ${people.served()} are served`,
      20_000,
    );
    await docker(["kill", "--signal", "KILL", gateways[0] ?? ""]);
    await sleep(4_000);
    const before = people.served();
    await waitUntil(
      () => people.served() > before + 100,
      () => "nobody is served any more",
      20_000,
    );
    await people.leave();
    context.diagnostic(
      `${people.failures.flat().length} of ${people.served()} visits failed: ${[...new Set(people.failures.flat())].join("; ")}`,
    );
    for (const mine of people.failures) assert.ok(mine.length <= 1, mine.join("\n"));
  });

  await context.test("take it back when it is there again", async () => {
    const [gateway = ""] = gateways;
    const before = (await served(gateway)).length;
    await docker(["start", gateway]);
    const asked = async () => {
      await stack.curl("/flask/");
      return (await served(gateway)).length > before;
    };
    await waitUntil(asked, () => "it is not asked any more", 20_000);
  });

  await context.test("drain one after the other, and no request is lost", async () => {
    const people = visitors(stack, 8, greeting);
    for (const gateway of gateways) {
      const from = people.served();
      await waitUntil(
        () => people.served() > from + 30,
        () => "nobody is served",
        20_000,
      );
      await docker(["restart", "--time", "40", gateway]);
      await waitUntil(
        () => healthy(gateway),
        () => "it does not come back",
        20_000,
        200,
      );
      await sleep(1_000);
    }
    await people.leave();
    // Nobody has told the balancer beforehand: who is just connecting has to do it again.
    const others = people.failures
      .flat()
      .filter((failure) => !failure.includes("before secure TLS connection"));
    assert.deepEqual(others, []);
    for (const mine of people.failures) assert.ok(mine.length <= gateways.length, mine.join("\n"));
  });

  await context.test("go on when one of the apps is killed, whichever it is", async () => {
    for (const app of apps) {
      await docker(["kill", "--signal", "KILL", app]);
      const people = visitors(stack, 4, greeting);
      await waitUntil(
        () => people.served() > 40,
        () => "nobody is served",
        20_000,
      );
      await people.leave();
      for (const mine of people.failures) assert.ok(mine.length <= 1, mine.join("\n"));
      await docker(["start", app]);
      await waitUntil(
        () => healthy(app),
        () => "it does not come back",
        20_000,
        200,
      );
    }
  });

  await context.test("share no store with anybody but the apps", async () => {
    const networks = async (service: string) => attached(stack, service);
    assert.deepEqual(await networks("database"), [`${stack.project}_stores`]);
    assert.deepEqual(await networks("sessions"), [`${stack.project}_stores`]);
    assert.deepEqual(await networks("gateway"), [`${stack.project}_balanced`, `${stack.project}_inside`]);
  });
});

type Exchange = { readonly status?: number; readonly address?: string };

async function served(gateway: string): Promise<readonly Exchange[]> {
  const lines = (await docker(["logs", gateway])).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Exchange).filter(({ status }) => status === 200);
}

async function healthy(container: string): Promise<boolean> {
  return (await docker(["inspect", "--format", "{{ .State.Health.Status }}", container])) === "healthy\n";
}

async function attached(stack: Stack, service: string): Promise<readonly string[]> {
  const [container = ""] = await stack.containers(service);
  const networks = await docker(["inspect", "--format", "{{ json .NetworkSettings.Networks }}", container]);
  return Object.keys(JSON.parse(networks) as object).sort();
}
