/** The containers that somebody works with: what is saved outside runs inside. */
import assert from "node:assert/strict";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { root, startStack } from "./support/stack.ts";

void test("a changed source is run at once", async (context) => {
  // A copy of the sources, so that nobody else's are changed.
  const tree = await tempFolder(context);
  for (const name of ["identity", "gateway", "app"])
    await cp(join(root, "packages", name, "src"), join(tree, name), { recursive: true });
  const mount = (name: string) => ({
    ...{ type: "bind", source: join(tree, name), target: `/sallyport/packages/${name}/src`, read_only: true },
  });
  const stack = await startStack(context, {
    files: ["compose.yaml", "compose.dev.yaml"],
    override: {
      services: {
        gateway: { volumes: [mount("identity"), mount("gateway")] },
        app: { volumes: [mount("identity"), mount("app")] },
      },
    },
  });
  const change = async (file: string, from: string, to: string) => {
    const text = await readFile(join(tree, file), "utf8");
    assert.ok(text.includes(from), `${file} does not say ${from}`);
    await rm(join(tree, file)); // as editors do, who put a new file in the old one's place
    await writeFile(join(tree, file), text.replace(from, to));
  };
  const becomes = (wanted: RegExp, ask: () => Promise<string>) =>
    waitUntil(
      async () => wanted.test(await ask()),
      () => `never ${String(wanted)}`,
      20_000,
      200,
    );

  await context.test("in the app", async () => {
    assert.equal(await stack.curl("/flask/"), "Hello Grace Hopper!\n200");
    await change("app/greeting/greeting.ts", "Hello ${", "Good day ${");
    await becomes(/^Good day Grace Hopper!\n200$/, () => stack.curl("/flask/"));
  });

  await context.test("in the gateway", async () => {
    const title = "This site asks for a client certificate, and none was sent.";
    assert.ok((await stack.anonymously("/flask/")).includes(title));
    await change("gateway/refuse/refusal.ts", title, "No certificate came.");
    await becomes(/No certificate came\./, () => stack.anonymously("/flask/"));
  });
});
