/** The entries of `clients.revocation`, with their kind told apart and their files located. */
import type { ClientsConfig } from "./clients-schema.ts";

export type RevocationSetting = {
  /** Where it stands in the configuration. */
  readonly path: readonly PropertyKey[];
  readonly kind: "crl-files" | "crl-fetched" | "ocsp" | "deny-list";
  /** As it is written in the configuration. */
  readonly name: string;
  /** The file or folder, absolute; `undefined` for what is asked over the network. */
  readonly file: string | undefined;
  readonly whenUnknown: "refuse" | "allow";
  /** Milliseconds. */
  readonly staleAfter: number;
};

export function revocationSettings(
  sources: ClientsConfig["revocation"],
  path: readonly PropertyKey[],
  locate: (name: string) => string,
): RevocationSetting[] {
  return sources.map(({ crl, ocsp, denyList, whenUnknown = "refuse", staleAfter = 0 }, at) => {
    const common = { path: [...path, at], whenUnknown, staleAfter };
    if (denyList !== undefined)
      return { ...common, kind: "deny-list", name: denyList, file: locate(denyList) };
    if (crl === undefined) return { ...common, kind: "ocsp", name: ocsp ?? "", file: undefined };
    if (crl === "cdp" || crl.includes("://"))
      return { ...common, kind: "crl-fetched", name: crl, file: undefined };
    return { ...common, kind: "crl-files", name: crl, file: locate(crl) };
  });
}
