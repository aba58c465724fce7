/** Connections that have asked once and now do nothing. */
import { answers } from "./answers.ts";
import type { Load } from "./load.ts";
import { requestHead } from "./request-head.ts";
import { standingConnections } from "./standing-connections.ts";

/** So many are opened at a time. */
const atOnce = 50;

export function idle(connections: number): Load {
  return (target, tally) => {
    const request = requestHead("GET /flask/hello", target.headers);
    const stops: (() => void)[] = [];
    const openSome = () => {
      let waiting = Math.min(atOnce, connections - stops.length * atOnce);
      if (waiting <= 0) return;
      const stop = standingConnections(waiting, target, tally, (socket) => {
        const receive = answers((good) => {
          if (good) tally.done(1);
          else tally.failed();
          waiting -= 1;
          if (waiting === 0) openSome();
        });
        return { begin: () => socket().write(request), receive };
      });
      stops.push(stop);
    };
    openSome();
    return () => {
      for (const stop of stops) stop();
    };
  };
}
