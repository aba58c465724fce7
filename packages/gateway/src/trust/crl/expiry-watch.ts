/** Says when a list runs out, while there is still time, and when there is none any more. */
import type { SourceEvents } from "../source.ts";
import type { SerialIndex } from "./serial-index.ts";
import type { NamedList } from "./standing-of.ts";

/** How often each list was warned about. It outlives a reload, as the list does. */
const warned = new WeakMap<SerialIndex, number>();

/** The clock may be set meanwhile, which no timer notices. */
const longestWait = 60_000;

export type ExpiryWatch = { readonly look: () => void; readonly close: () => void };

/** @param staleAfter how long a list holds past its nextUpdate, milliseconds */
export function createExpiryWatch(
  held: () => readonly NamedList[],
  staleAfter: number,
  warning: SourceEvents["warning"],
): ExpiryWatch {
  let timer: NodeJS.Timeout | undefined;

  const warnOf = (list: NamedList, now: number) => {
    const instants = [list.nextUpdate, list.nextUpdate + staleAfter];
    const passed = instants.filter((instant) => instant <= now).length;
    if (passed > (warned.get(list.index) ?? 0)) {
      warned.set(list.index, passed);
      const ended = `${list.name} ended ${print(list.nextUpdate)}`;
      const message =
        passed === 1
          ? `${ended}; its silence still counts until ${print(list.nextUpdate + staleAfter)}`
          : `${ended}, too long ago: nothing is known of certificates that it does not list`;
      warning(message, { source: `crl ${list.name}`, nextUpdate: print(list.nextUpdate) });
    }
    return instants.find((instant) => instant > now) ?? Infinity;
  };

  const look = () => {
    clearTimeout(timer);
    const now = Date.now();
    const next = Math.min(Infinity, ...held().map((list) => warnOf(list, now)));
    if (next !== Infinity) timer = setTimeout(look, Math.min(next - now, longestWait)).unref();
  };
  return {
    look,
    close() {
      clearTimeout(timer);
    },
  };
}

function print(instant: number): string {
  return new Date(instant).toISOString();
}
