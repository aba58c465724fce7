import { checkEndEntity, clearTheWay, makeEndEntity } from "./end-entity.ts";
import type { Entry } from "./entry.ts";
import { client, server } from "./holders.ts";
import { checkRoot, makeRoot } from "./root.ts";
import { defaultFolder } from "./store.ts";

/** Known to everybody: the demo's certificates are for trying things out. */
export const demoPassword = "password";

export type DemoOptions = {
  /** `certs/flask-local`, unless given. */
  readonly folder?: string;
  /** Of every `.p12`; {@link demoPassword} unless given. */
  readonly password?: string;
  /** Replaces everything, the root included. */
  readonly force?: boolean;
};

/**
 * Makes the root, the server, Grace Hopper and Cecilia Payne, in this order, and reuses what is already there and good.
 *
 * @returns one entry each, every one of them verified.
 * @throws CertsError naming the first file that is expired, unreadable or not the root's.
 */
export async function makeDemo(options: DemoOptions = {}): Promise<readonly Entry[]> {
  const { folder = defaultFolder, password = demoPassword, force = false } = options;
  const holders = [server, client("Grace Hopper"), client("Cecilia Payne")];
  if (force) for (const holder of holders) await clearTheWay(holder, folder, force);
  const root = (force ? undefined : await checkRoot(folder)) ?? (await makeRoot({ folder, force }));
  const entries = [root];
  for (const holder of holders) {
    const found = force ? undefined : await checkEndEntity(holder, folder);
    entries.push(found ?? (await makeEndEntity(holder, { folder, password, force })));
  }
  return entries;
}
