/** A folder of its own with a sound server certificate (server.crt, server.key) and another one (other.crt, other.key). */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { ConfigError, type Problem } from "../config-error.ts";
import { loadSettings, type Settings } from "../load.ts";

export type ConfigFolder = {
  readonly folder: string;
  readonly openssl: (...args: string[]) => void;
  /** Writes a configuration; `run` reads it. */
  readonly load: (text: string) => { readonly file: string; readonly run: () => Settings };
  /** What is told of a configuration; every message has a place, words for people, and a next step. */
  readonly problemsOf: (text: string) => readonly (Problem & { readonly line: number })[];
};

/** Call it at the top of a test file: the folder is gone when its tests are over. */
export function configFolder(): ConfigFolder {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-config-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const openssl = (...args: string[]) => {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  };
  for (const name of ["server", "other"]) {
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", `${name}.key`, "-out", `${name}.crt`);
  } // prettier-ignore
  let files = 0;
  const load = (text: string) => {
    const file = join(folder, `gateway-${(files += 1)}.yaml`);
    writeFileSync(file, text);
    return { file, run: () => loadSettings(file) };
  };
  return {
    folder,
    openssl,
    load,
    problemsOf(text) {
      const { file, run } = load(text);
      try {
        run();
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return error.problems.map((problem) => {
          assert.ok(problem.place.startsWith(file), problem.place);
          assert.notEqual(problem.what, "");
          assert.notEqual(problem.next, "", "every message says what to do next");
          assert.doesNotMatch(
            problem.what,
            /Invalid|Too (?:big|small)|[Uu]nrecognized|expected|received|undefined/,
          );
          return { ...problem, line: Number(problem.place.slice(file.length + 1)) };
        });
      }
      return [];
    },
  };
}
