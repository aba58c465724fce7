/** Whether a client without a certificate has nowhere to go on any site, so that it can be turned away in the handshake. */
import type { Settings } from "./load.ts";

export function neverAnonymous({ site, hosts }: Pick<Settings, "site" | "hosts">): boolean {
  return [site, ...hosts].every(
    ({ clients, routes }) =>
      clients?.presence === "required" && routes.every(({ presence }) => presence !== "optional"),
  );
}
