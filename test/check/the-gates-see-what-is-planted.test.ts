/** A gate that has gone blind is worse than none: each is shown a tree with one violation per rule, and has to name it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";

const root = join(import.meta.dirname, "..", "..");
const configurations = ["tsconfig.json", "eslint.config.js", ".prettierrc.json", ".prettierignore", ".dependency-cruiser.mjs", "package.json"]; // prettier-ignore

/** Rule -> the file that breaks it and what it imports. */
const plants: Record<string, readonly [file: string, source: string]> = {
  "no-cycles": ["packages/identity/src/a.ts", 'export { b } from "./b.ts"; export const a = 1;'],
  "no-undeclared-packages": ["packages/gateway/src/config/undeclared.ts", 'import "semver";'],
  "no-unresolvable": ["packages/gateway/src/config/nowhere.ts", 'import "./nothing-there.ts";'],
  "nothing-imports-main": ["packages/gateway/src/running.ts", 'import "./main.ts";'],
  "no-tests-in-the-product": ["packages/gateway/src/world.ts", 'import "../../../test/support/backend.ts";'],
  "no-dev-packages-in-the-product": ["packages/gateway/src/forward/naive.ts", 'import "http-proxy";'],
  "identity-stands-alone": ["packages/identity/src/web.ts", 'import "node:http";'],
  "the-passport-door-knows-passport-alone": ["packages/identity/src/passport.ts", 'import "node:http";'],
  "nobody-enters-by-the-passport-door": ["packages/identity/src/back.ts", 'import "./passport.ts";'],
  "certs-stands-alone": ["certs/src/mixed.ts", 'import "../../packages/identity/src/b.ts";'],
  "gateway-and-app-never-meet": ["packages/app/src/peek.ts", 'import "../../gateway/src/route/room.ts";'],
  "enrolment-knows-two-doors": ["packages/enrolment/src/peek.ts", 'import "../../identity/src/b.ts";'],
  "nobody-knows-enrolment": ["packages/app/src/curious.ts", 'import "../../enrolment/src/peek.ts";'],
  "rooms-do-not-know-each-other": ["packages/gateway/src/policy/nosy.ts", 'import "../route/room.ts";'],
  "commands-know-the-running-gateway-alone": [
    "packages/gateway/src/commands/deep.ts",
    'import "../route/room.ts";',
  ],
  "the-supervisor-speaks-with-no-client": [
    "packages/gateway/src/supervising.ts",
    'import "./route/room.ts";',
  ],
  "the-line-uses-no-library": ["packages/gateway/src/gateway.ts", 'import "zod";'],
  "forward-alone-talks-to-upstreams": ["packages/gateway/src/policy/caller.ts", 'import "node:net";'],
  "app-features-do-not-know-each-other": ["packages/app/src/journal/x.ts", 'import "../accounts/y.ts";'],
  "the-store-has-one-door": ["packages/app/src/journal/side.ts", 'import "../store/engine.ts";'],
  "drivers-stay-in-the-store": ["packages/app/src/journal/driver.ts", 'import "node:sqlite";'],
  "the-store-knows-no-feature": ["packages/app/src/store/engine.ts", 'import "../accounts/y.ts";'],
};
const others: Record<string, string> = {
  "packages/identity/src/b.ts": 'export { a } from "./a.ts"; export const b = 1;',
  "packages/gateway/src/main.ts": "export {};",
  "packages/gateway/src/route/room.ts": "export {};",
  "packages/app/src/accounts/y.ts": "export {};",
  "test/support/backend.ts": "export {};",
  "test/types.ts": "export const count: number = String(1);",
  "test/lint.ts": "export async function f(): Promise<void> { Promise.reject(new Error()); await f(); }",
  "packages/identity/src/slow.ts":
    'export const trimmed = (text: string): string => text.replace(/ +$/, "");',
  "test/format.ts": "export const  spaces   =1",
};

describe("npm run check", () => {
  let tree: string;

  before(() => {
    tree = mkdtempSync(join(tmpdir(), "planted-"));
    for (const file of configurations) cpSync(join(root, file), join(tree, file));
    for (const name of ["identity", "gateway", "app", "enrolment"]) copyManifest(`packages/${name}`);
    copyManifest("certs");
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    for (const [file, source] of [...Object.values(plants), ...Object.entries(others)]) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), `${source}\n`);
    }
  });
  after(() => {
    rmSync(tree, { recursive: true });
  });

  function copyManifest(folder: string): void {
    mkdirSync(join(tree, folder), { recursive: true });
    cpSync(join(root, folder, "package.json"), join(tree, folder, "package.json"));
  }

  function run(program: string, ...args: string[]): string {
    const { stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules", program), ...args], {
      cwd: tree,
      encoding: "utf8",
    });
    return stdout + stderr;
  }

  it("names every wall that is broken", () => {
    const output = run("dependency-cruiser/bin/dependency-cruiser.mjs", "--config", ".dependency-cruiser.mjs", "packages", "certs", "test"); // prettier-ignore
    const blind = Object.entries(plants).filter(([rule, [file]]) => {
      return !output
        .split(/\n(?= {2}\w)/)
        .some((finding) => finding.includes(`${rule}: `) && finding.includes(file));
    });
    assert.deepEqual(blind, [], output);
  });

  it("names a type error", () => {
    assert.match(run("@typescript/native/bin/tsc", "--noEmit"), /test\/types\.ts\(1,14\): error TS2322/);
  });

  it("names a promise that nobody waits for", () => {
    assert.match(run("eslint/bin/eslint.js", "test/lint.ts"), /no-floating-promises/);
  });

  it("names a pattern that costs the square of a text", () => {
    assert.match(run("eslint/bin/eslint.js", "packages/identity/src/slow.ts"), /no-super-linear-move/);
  });

  it("names a file that is not formatted", () => {
    assert.match(run("prettier/bin/prettier.cjs", "--check", "test"), /test\/format\.ts/);
  });
});
