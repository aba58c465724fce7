/** Which lists of revocation are demanded and cannot be used: whoever they should speak for is refused meanwhile. */
import type { OpenSource } from "./open-sources.ts";

/**
 * Of lists that the configuration names: where they are to be had and what they hold, no client has a say in.
 * @param now milliseconds since the epoch
 * @returns a sentence for each; nothing when all is well
 */
export function listsAmiss(sources: readonly OpenSource[], now: number): string[] {
  return sources
    .filter(({ demanded, whenUnknown }) => demanded && whenUnknown === "refuse")
    .flatMap(({ source, name, staleAfter }) => {
      const lists = source.states().filter(({ nextUpdate }) => nextUpdate !== undefined);
      if (lists.length === 0) return [`There is no list of ${name} yet; the log says why.`];
      return lists.flatMap(({ name, nextUpdate = Infinity }) =>
        now < nextUpdate + staleAfter
          ? []
          : [`The list ${name} ended on ${new Date(nextUpdate).toISOString()}, and no newer one is there.`],
      );
    });
}
