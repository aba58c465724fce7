/** A folder for a test, and OpenSSL in it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRoot } from "../root.ts";
import { openAuthority } from "../open-authority.ts";
import type { OpenAuthority } from "../open-authority.ts";

export type Scratch = {
  readonly folder: string;
  /** All that OpenSSL prints, errors included. */
  readonly openssl: (...words: readonly string[]) => string;
  readonly remove: () => void;
};

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "certs-"));
  const openssl: Scratch["openssl"] = (...words) => {
    const { stdout, stderr } = spawnSync("openssl", words, { cwd: folder, encoding: "utf8" });
    return stdout + stderr;
  };
  const remove = () => {
    rmSync(folder, { recursive: true });
  };
  return { folder, openssl, remove };
}

/** An authority with a key that is quickly made. */
export async function quickAuthority(folder: string): Promise<OpenAuthority> {
  await makeRoot({ folder, key: "ec-p256" });
  return openAuthority(folder);
}
