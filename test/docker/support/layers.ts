/** The layers of an image, as `docker save` writes them. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Scope } from "../../support/scope.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { docker } from "./docker.ts";

const run = promisify(execFile);

export type Layer = {
  /** Paths of its files and folders, as tar lists them. */
  readonly names: readonly string[];
  readonly octets: Buffer;
};

/** From the base upwards. */
export async function layersOf(scope: Scope, image: string): Promise<readonly Layer[]> {
  const folder = await tempFolder(scope);
  await docker(["save", "--output", join(folder, "image.tar"), image]);
  await run("tar", ["-xf", join(folder, "image.tar"), "-C", folder]);
  const [manifest] = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as [
    { Layers: string[] },
  ];
  const layers: Layer[] = [];
  for (const file of manifest.Layers.map((name) => join(folder, name))) {
    const { stdout } = await run("tar", ["-tf", file], { maxBuffer: 64 * 1024 * 1024 });
    layers.push({ names: stdout.split("\n").filter((name) => name !== ""), octets: await readFile(file) });
  }
  return layers;
}

/** How many layers an image shares with its base. */
export async function layerCount(image: string): Promise<number> {
  return Number(await docker(["image", "inspect", "--format", "{{ len .RootFS.Layers }}", image]));
}

/** Octets. */
export async function sizeOf(image: string): Promise<number> {
  return Number(await docker(["image", "inspect", "--format", "{{ .Size }}", image]));
}
