/** Changes that take a new process: sockets stay as they were opened. */
import { ConfigError } from "./config-error.ts";
import type { Settings } from "./load.ts";
import { neverAnonymous } from "./never-anonymous.ts";

/** @throws ConfigError where the next settings need something that the listeners of before cannot do */
export function checkReload(before: Settings, next: Settings): void {
  const fixed = ["listen", "metrics", "reloadOnChange", "log"] as const;
  const changed = fixed.find((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]));
  const aborts = next.listen.some(({ onBadCertificate }) => onBadCertificate === "abort");
  const asked = aborts && neverAnonymous(before) !== neverAnonymous(next) ? "clients" : undefined;
  const path = changed ?? asked;
  if (path === undefined) return;
  const what =
    path === "clients"
      ? "whether a listener that aborts lets anybody in without a certificate has changed, which a reload cannot follow"
      : `${path} has changed, which a reload cannot follow`;
  throw new ConfigError([{ place: next.place([path]), path, what, next: "restart the gateway" }]);
}
