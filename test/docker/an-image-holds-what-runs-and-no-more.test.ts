/** What is in the images, layer for layer: no key, no secret, nothing that only tools need, and a list of everything else. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { test, type TestContext } from "node:test";
import { makeDemo } from "@sallyport/certs";
import { tempFolder } from "../support/temp-folder.ts";
import { anEngine, docker } from "./support/docker.ts";
import { layerCount, layersOf, sizeOf } from "./support/layers.ts";
import { root } from "./support/stack.ts";

const base = process.env["NODE_IMAGE"] ?? "node:24-bookworm-slim";
const mebibyte = 1024 * 1024;
const canary = `canary-${randomBytes(16).toString("hex")}`;

/** Where people leave what must not get out. */
const leftBehind = [
  ".env", ".git/config", ".run/backend.secret", "backend.secret", "server.key", "docker/server.key",
  "certs/flask-local/more.key", "certs/src/left.key", "certs/left.pem", "packages/app/.env", "packages/app/src/left.pem",
  "packages/gateway/src/left.key", "packages/gateway/src/testing/left.ts", "packages/gateway/src/left.test.ts",
  "packages/identity/src/left.p12", "packages/app/node_modules/left/index.js", "node_modules/left/index.js",
]; // prettier-ignore

/** The project as somebody has it who works with it: with certificates made, and a canary wherever something can be left. */
async function untidyTree(context: TestContext): Promise<string> {
  const tree = await tempFolder(context);
  const wanted = (path: string) =>
    !/(^|\/)(node_modules|\.git|flask-local|\.run)$/.test(path.split(sep).join("/"));
  await cp(root, tree, { recursive: true, filter: wanted });
  await makeDemo({ folder: join(tree, "certs/flask-local") });
  for (const file of leftBehind) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), `// ${canary}\n`);
  }
  return tree;
}

void test("the images", async (context) => {
  await anEngine();
  const tree = await untidyTree(context);
  const tag = `sallyport-test-${randomBytes(6).toString("hex")}`;
  const build = (name: string, ...words: string[]) =>
    docker(["build", "--quiet", "--file", join(tree, `docker/${name}.Dockerfile`), "--build-arg", `NODE_IMAGE=${base}`, ...words, tree]); // prettier-ignore

  for (const name of ["gateway", "app"]) {
    const image = `sallyport-${name}:${tag}`;
    await build(
      name,
      "--tag",
      image,
      "--build-arg",
      "REVISION=abc",
      "--build-arg",
      "SOURCE=https://git.example/",
    );
    context.after(() => docker(["image", "rm", "--force", image]));
    const ours = (await layersOf(context, image)).slice(await layerCount(base));
    const names = ours.flatMap((layer) => layer.names);

    await context.test(`${name}: no key and nothing that was left in the tree is in a layer`, () => {
      assert.ok(names.includes(`sallyport/packages/${name}/src/main.ts`), "the layers are the image's");
      for (const { octets } of ours) {
        assert.equal(octets.indexOf(canary), -1);
        // A key's line is followed by base64; programs that read keys hold the line alone.
        assert.doesNotMatch(
          octets.toString("latin1"),
          /-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[A-Za-z0-9+/=]{60}/,
        );
      }
    });

    await context.test(`${name}: nothing is in it that only tests and tools need`, () => {
      const own = names.filter((path) => !path.includes("/node_modules/"));
      const odd = own.filter((path) =>
        /\.test\.ts$|\/testing\/|(^|\/)\.git\/|\/flask-local|\.(key|p12)$/.test(path),
      );
      assert.deepEqual(odd, []);
      const tools = /node_modules\/(typescript|eslint|prettier|node|ws|http-proxy|dependency-cruiser)\//;
      assert.deepEqual(
        names.filter((path) => tools.test(path)),
        [],
      );
      const rooms = new Set(
        names.flatMap((path) => /^sallyport\/packages\/(\w+)\/src\/./.exec(path)?.[1] ?? []),
      );
      assert.deepEqual([...rooms].sort(), ["identity", name].sort());
    });

    await context.test(`${name}: it is less than 200 MiB larger than its base`, async () => {
      const more = ((await sizeOf(image)) - (await sizeOf(base))) / mebibyte;
      context.diagnostic(`${name}: ${more.toFixed(1)} MiB above its base`);
      assert.ok(more > 0 && more < 200, `${more} MiB`);
    });

    await context.test(`${name}: it says what it is, and how it is run and ended`, async () => {
      const config = JSON.parse(
        await docker(["image", "inspect", "--format", "{{ json .Config }}", image]),
      ) as Config;
      const label = (key: string) => config.Labels[`org.opencontainers.image.${key}`];
      assert.match(label("title") ?? "", /^Sallyport /);
      assert.ok(label("description"));
      assert.deepEqual([label("licenses"), label("revision"), label("source")], ["Apache-2.0", "abc", "https://git.example/"]); // prettier-ignore
      assert.match(label("version") ?? "", /^\d+\.\d+\.\d+$/);
      assert.deepEqual([config.User, config.StopSignal], ["1000:1000", "SIGTERM"]);
      assert.equal(config.Healthcheck.Test[0], "CMD", "no shell");
      assert.equal(config.Entrypoint[0], "node", "no shell");
    });

    await context.test(`${name}: its list of parts is whole`, async () => {
      const to = join(await tempFolder(context), name);
      await build(name, "--target", "sbom", "--output", to);
      const listed = JSON.parse(await readFile(join(to, `${name}.cdx.json`), "utf8")) as Bom;
      const parts = new Set(
        listed.components.map((part) => [part.group, part.name].filter(Boolean).join("/")),
      );
      const installed = names.flatMap((path) => /^sallyport\/node_modules\/((?:@(?!sallyport)[^/]+\/)?[^@./][^/]*)\/package\.json$/.exec(path)?.[1] ?? []); // prettier-ignore
      assert.ok(installed.length > 5);
      assert.deepEqual(
        installed.filter((part) => !parts.has(part)),
        [],
      );
      assert.equal(listed.bomFormat, "CycloneDX");
    });
  }
});

type Config = {
  readonly Labels: Readonly<Record<string, string>>;
  readonly User: string;
  readonly StopSignal: string;
  readonly Entrypoint: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
};
type Bom = {
  readonly bomFormat: string;
  readonly components: readonly { readonly group?: string; readonly name: string }[];
};
