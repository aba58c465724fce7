/** The gateway and the app as containers: what works, what nobody can reach, and what running them is like. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { connectRaw } from "../support/raw-client.ts";
import { waitUntil } from "../support/wait-until.ts";
import { docker } from "./support/docker.ts";
import { statusOf } from "./support/process-status.ts";
import { root, startStack } from "./support/stack.ts";

const run = promisify(execFile);

void test("two linked containers", async (context) => {
  const stack = await startStack(context);
  const [gateway = "", app = ""] = [
    ...(await stack.containers("gateway")),
    ...(await stack.containers("app")),
  ];
  const certs = (...words: string[]) =>
    run(process.execPath, [join(root, "certs/src/main.ts"), ...words, "--out", stack.certs]);
  const asCecilia = () => stack.anonymously("/flask/", "--cert", join(stack.certs, "cecilia.pem"));

  await context.test("greet whom the certificate names, and nobody without one", async () => {
    assert.equal(await stack.curl("/flask/"), "Hello Grace Hopper!\n200");
    assert.equal(await asCecilia(), "Hello Cecilia Payne!\n200");
    assert.match(await stack.anonymously("/flask/"), /"certificate-missing"[^]*403$/);
  });

  await context.test("log in lines of JSON, one for each exchange", async () => {
    const exchanges = (await stack.log("gateway")).filter(({ status }) => status === 200);
    assert.equal(exchanges.length, 2);
    assert.ok((await stack.log("app")).some(({ msg }) => msg === "listening"));
  });

  await context.test("publish the gateway's port and no other", async () => {
    const ports = async (container: string) =>
      JSON.parse(
        await docker(["inspect", "--format", "{{ json .NetworkSettings.Ports }}", container]),
      ) as object;
    const published = Object.entries(await ports(gateway)).filter(([, at]) => at !== null);
    assert.deepEqual(published, [["8443/tcp", [{ HostIp: "127.0.0.1", HostPort: String(stack.port) }]]]);
    assert.ok(Object.values(await ports(app)).every((at) => at === null));
  });

  await context.test("keep the app out of reach of other containers", async () => {
    const format = "{{ range .NetworkSettings.Networks }}{{ .IPAddress }}{{ end }}";
    const address = (await docker(["inspect", "--format", format, app])).trim();
    const knock = `fetch("http://${address}:5000/health",{signal:AbortSignal.timeout(2000)}).then(()=>"reached",()=>"not reached").then((said)=>{console.log(said);process.exit()})`;
    const from = (network: string) =>
      docker(["run", "--rm", "--network", network, "--entrypoint", "node", `sallyport-app:${stack.project}`, "-e", knock]); // prettier-ignore
    assert.equal(await from(`${stack.project}_inside`), "reached\n");
    assert.equal(await from(`${stack.project}_outside`), "not reached\n");
    assert.equal(await from("bridge"), "not reached\n");
  });

  await context.test("let the app reach nothing outside", async () => {
    const networks = await docker(["inspect", "--format", "{{ json .NetworkSettings.Networks }}", app]);
    assert.deepEqual(Object.keys(JSON.parse(networks) as object), [`${stack.project}_inside`]);
    const format = "{{ .Internal }}";
    assert.equal(
      await docker(["network", "inspect", "--format", format, `${stack.project}_inside`]),
      "true\n",
    );
  });

  await context.test("run as an ordinary user that can do nothing but run", async () => {
    for (const [container, at] of [
      [gateway, "/etc/sallyport"],
      [app, "/run/sallyport"],
    ] as const) {
      for (const { name, ids, capabilities, noNewPrivileges } of await statusOf(container)) {
        assert.deepEqual(ids, ["1000"], name);
        assert.deepEqual(capabilities, ["0000000000000000"], name);
        assert.equal(noNewPrivileges, "1", name);
      }
      const touch = `for (const folder of ["/", "/sallyport", "/tmp", "${at}"]) {
        try { require("fs").writeFileSync(folder + "/x", ""); console.log("written in", folder); } catch (error) { console.log(error.code); } }`;
      const said = await docker(["exec", container, "node", "-e", touch]);
      assert.match(said, /^(EROFS\n|EACCES\n){4}$/);
    }
  });

  await context.test("hold the keys that are theirs, readable by them alone, and no others", async () => {
    const list = `for (const name of require("fs").readdirSync("/run/sallyport")) {
      const { mode, uid } = require("fs").statSync("/run/sallyport/" + name); console.log(name, (mode & 0o777).toString(8), uid); }`;
    const held = async (container: string) => docker(["exec", container, "node", "-e", list]);
    assert.equal(await held(gateway), "backend.secret 400 1000\nroot.pem 400 1000\nserver.crt 400 1000\nserver.key 400 1000\n"); // prettier-ignore
    assert.equal(await held(app), "backend.secret 400 1000\n");
  });

  await context.test("refuse whom a new list revokes, while they run", async () => {
    await certs("crl", "--to", join(stack.config, "revoked.crl"));
    await stack.reconfigure((text) => text.replace("denyList: denied.yaml", "crl: revoked.crl"));
    const reloaded = async () => (await stack.log("gateway")).some(({ msg }) => msg === "reloaded");
    await waitUntil(reloaded, () => "the configuration is not read");
    assert.match(await stack.curl("/flask/"), /200$/);
    await certs("revoke", "grace");
    await waitUntil(
      async () => /"certificate-revoked"[^]*403$/.test(await stack.curl("/flask/")),
      () => "still let in",
    );
    assert.equal(await asCecilia(), "Hello Cecilia Payne!\n200");
  });

  await context.test("show a renewed certificate when it has been handed over", async () => {
    const serial = async () => {
      const connection = await connectRaw({ port: stack.port });
      connection.close();
      return connection.certificate?.serialNumber;
    };
    const before = await serial();
    assert.ok(before);
    await certs("server", "--force");
    await stack.compose("run", "--rm", "keys");
    await waitUntil(
      async () => (await serial()) !== before,
      () => "it still shows the old one",
    );
    assert.equal(await asCecilia(), "Hello Cecilia Payne!\n200");
  });

  await context.test("say so while the app is away, and go on when it is back", async () => {
    await stack.compose("stop", "app");
    assert.match(await asCecilia(), /"upstream-unreachable"[^]*502$/);
    assert.match(await stack.anonymously("/flask/"), /"certificate-missing"[^]*403$/);
    await stack.compose("start", "app");
    await waitUntil(
      async () => (await asCecilia()) === "Hello Cecilia Payne!\n200",
      () => "not back",
      10_000,
    );
  });

  await context.test("come back when they die by themselves", async () => {
    const pid = (await docker(["inspect", "--format", "{{ .State.Pid }}", gateway])).trim();
    process.kill(Number(pid), "SIGKILL");
    await waitUntil(
      async () => (await asCecilia()) === "Hello Cecilia Payne!\n200",
      () => "not back",
      20_000,
    );
  });

  await context.test("keep their secret when they are started anew", async () => {
    await stack.compose("up", "--wait", "--force-recreate");
    assert.equal(await asCecilia(), "Hello Cecilia Payne!\n200");
  });
});
