/** Whether a gateway can do its work, as machines ask it: why not, a sentence each. No sentence: it can. */
import { certificatesInUse } from "./config/certificates-in-use.ts";
import type { Settings } from "./config/load.ts";
import type { OpenWorld } from "./world.ts";

/** How long what was found out holds, in milliseconds: however many ask, upstreams are connected to once. */
const remembered = 1_000;

export function createReadiness(
  settings: () => Settings,
  world: () => OpenWorld,
): () => Promise<readonly string[]> {
  let found: Promise<readonly string[]> | undefined;
  let foundAt = -Infinity;
  const find = async () => [...certificatesAmiss(settings(), Date.now()), ...(await world().amiss())];
  return () => {
    if (found !== undefined && performance.now() - foundAt < remembered) return found;
    foundAt = performance.now();
    return (found = find());
  };
}

/** @param now milliseconds since the epoch */
export function certificatesAmiss(settings: Settings, now: number): string[] {
  return certificatesInUse(settings)
    .filter(({ use }) => use === "server")
    .flatMap(({ name, notBefore, notAfter }) => {
      const whose = name === "*" ? "The gateway's certificate" : `The certificate of ${name}`;
      if (now < notBefore) return [`${whose} is not valid before ${new Date(notBefore).toISOString()}.`];
      return now > notAfter ? [`${whose} ended on ${new Date(notAfter).toISOString()}.`] : [];
    });
}
