/** Changes that take a new process: sockets stay as they were opened. */
import { ConfigError } from "./config-error.ts";
import type { Settings } from "./load.ts";
import { neverAnonymous } from "./never-anonymous.ts";

const fixed = ["listen", "metrics", "health", "workers", "reloadOnChange", "log"] as const;
export type Fixed = Pick<Settings, (typeof fixed)[number]>;

/** What every worker must have as the first had it; plain data. */
export function fixedOf({ listen, metrics, health, workers, reloadOnChange, log }: Settings): Fixed {
  return { listen, metrics, health, workers, reloadOnChange, log };
}

/** @throws ConfigError where what is read now differs in what stays as it was when the gateway started */
export function checkFixed(before: Fixed, next: Settings): void {
  const path = fixed.find((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]));
  if (path !== undefined) throw cannotFollow(next, path, `${path} has changed`);
}

/** @throws ConfigError where the next settings need something that the listeners of before cannot do */
export function checkReload(before: Settings, next: Settings): void {
  checkFixed(before, next);
  const aborts = next.listen.some(({ onBadCertificate }) => onBadCertificate === "abort");
  if (!aborts || neverAnonymous(before) === neverAnonymous(next)) return;
  const what = "whether a listener that aborts lets anybody in without a certificate has changed";
  throw cannotFollow(next, "clients", what);
}

function cannotFollow({ place }: Settings, path: string, changed: string): ConfigError {
  const what = `${changed}, which a reload cannot follow`;
  return new ConfigError([{ place: place([path]), path, what, next: "restart the gateway" }]);
}
