/** What a container says when it may not read what it was given, and what it may read. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { makeDemo } from "@sallyport/certs";
import { tempFolder } from "../support/temp-folder.ts";
import { anEngine, docker } from "./support/docker.ts";
import { root } from "./support/stack.ts";

void test("what a container may not read", async (context) => {
  await anEngine();
  const tag = `sallyport-test-${randomBytes(6).toString("hex")}`;
  for (const name of ["gateway", "app"]) {
    await docker(["build", "--quiet", "--file", join(root, `docker/${name}.Dockerfile`), "--tag", `sallyport-${name}:${tag}`, root]); // prettier-ignore
    context.after(() => docker(["image", "rm", "--force", `sallyport-${name}:${tag}`]));
  }
  const folder = await tempFolder(context);
  await chmod(folder, 0o755);
  await makeDemo({ folder: join(folder, "certs") });
  for (const file of ["server.crt", "server.key", "root.pem"])
    await copyFile(join(folder, "certs", file), join(folder, file));
  await writeFile(join(folder, "backend.secret"), randomBytes(32).toString("hex"));
  /** As a program that may give files away: in a container, where it is root whoever runs the tests. */
  const give = (file: string, owner: string, mode: string) =>
    docker(["run", "--rm", "--user", "0:0", "--volume", `${folder}:/given`, "--entrypoint", "sh", `sallyport-app:${tag}`, "-c", `chown ${owner} /given/${file} && chmod ${mode} /given/${file}`]); // prettier-ignore
  /** @returns what it says until it ends, or for four seconds */
  const run = (name: string, ...words: string[]) => {
    const limits = [
      "--rm",
      "--init",
      "--read-only",
      "--cap-drop",
      "ALL",
      "--network",
      "none",
      "--stop-timeout",
      "1",
    ];
    const said = docker(["run", ...limits, ...words, `sallyport-${name}:${tag}`], { limit: 4_000 });
    return said.catch((error: unknown) => String(error));
  };
  const start = (name: string) =>
    run(
      name,
      "--volume",
      `${folder}:/run/sallyport:ro`,
      "--volume",
      `${join(root, "docker/gateway")}:/etc/sallyport:ro`,
    );
  for (const file of ["server.key", "backend.secret"]) await give(file, "1000:1000", "400");

  await context.test("a key of somebody else's: the gateway names it, and what to type", async () => {
    await give("server.key", "4242:4242", "400");
    const said = await start("gateway");
    assert.match(said, /server\.key/);
    assert.match(said, /may not be read/);
    assert.match(said, /1000/, "who it runs as");
    assert.doesNotMatch(said, /\n +at /, "no stack");
    await give("server.key", "1000:1000", "400");
  });

  await context.test("a secret of somebody else's: the app names it, and where to look", async () => {
    await give("backend.secret", "4242:4242", "400");
    assert.match(await start("app"), /backend\.secret belongs to uid 4242 .* uid 1000; type: chown 1000 /);
  });

  await context.test("a secret that everybody can read: the app refuses it", async () => {
    for (const [owner, mode] of [
      ["1000:1000", "444"],
      ["0:1000", "444"],
      ["1000:1000", "460"],
    ] as const) {
      await give("backend.secret", owner, mode);
      assert.match(
        await start("app"),
        /backend\.secret is open to others than its owner/,
        `${owner} ${mode}`,
      );
    }
  });

  await context.test("a secret that root gives the app's group, as Kubernetes does, is read", async () => {
    await give("backend.secret", "0:1000", "440");
    assert.match(await start("app"), /"listening"/);
  });

  await context.test("what a pod is given is enough to start with", async () => {
    const place = (from: string, to: string) => ["--volume", `${join(folder, from)}:/run/sallyport/${to}:ro`];
    await writeFile(join(folder, "ticket.secret"), randomBytes(32).toString("hex"));
    for (const file of ["server.key", "backend.secret", "ticket.secret"]) await give(file, "0:1000", "440");
    const pod = [
      ...["--volume", `${join(root, "docker/kubernetes/config")}:/etc/sallyport:ro`],
      ...place("server.crt", "tls/tls.crt"),
      ...place("server.key", "tls/tls.key"),
      ...place("root.pem", "authorities/root.pem"),
      ...place("backend.secret", "shared/backend.secret"),
      ...place("ticket.secret", "shared/ticket.secret"),
    ];
    assert.match(await run("gateway", ...pod), /"listening"/);
  });
});
