import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { problems } from "../../packages/app/src/api/api-problem.ts";
import { startApp } from "../support/running-app.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const page = new URL("../../docs/api.md", import.meta.url);

test("the page about the API is true", { timeout: 60_000 }, async (t) => {
  const text = await readFile(page, "utf8");
  const [authority, app] = [await createTestAuthority(t), await startApp(t)];
  const { folder, grace, rootFile } = authority;
  const gateway = await startGateway(t, {
    ...gatewayConfig(authority, app.port, { route: { presence: "optional" } }),
    backendSecret: { file: app.secretFile },
  });
  await writeFile(join(folder, "grace.pem"), grace.cert + grace.key, { mode: 0o600 });
  await writeFile(join(folder, "root.pem"), await readFile(rootFile));

  await t.test("what is typed is answered so", async () => {
    const shown = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = ""]) => block).join("");
    const script = shown
      .split("\n")
      .filter((line) => line.startsWith("$ "))
      .flatMap((line) => [
        `printf '%s\\n' '${line.replaceAll("'", String.raw`'\''`)}'`,
        line.slice(2),
        "printf '\\n'",
      ])
      .join("\n")
      .replaceAll(/(?<=^[^'].*)localhost:8443/gm, `localhost:${gateway.port}`);
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: folder });
    const said = stdout
      .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, "eyJ…")
      .replaceAll(`localhost:${gateway.port}`, "localhost:8443")
      .replaceAll("\r", "")
      .replaceAll(/\n+/g, "\n");
    assert.equal(said.trim(), shown.trim());
  });

  await t.test("every code is listed with its status, and no other", () => {
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) /gm)];
    assert.deepEqual(Object.fromEntries(rows.map(([, code, status]) => [code, Number(status)])), problems);
  });

  await t.test("every operation is listed, and no other", async () => {
    const [, table = ""] = /^## Operations$([\s\S]*?)^## /m.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| `([A-Z]+) (\/\S+)` /gm)].map(([, method = "", path]) => `${method.toLowerCase()} ${path}`); // prettier-ignore
    const answer = await fetch(`http://127.0.0.1:${app.port}/api/v1/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`)); // prettier-ignore
    assert.deepEqual(rows.toSorted(), documented.toSorted());
  });
});
