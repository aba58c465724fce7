/** The same question again and again on connections that stay open. */
import { answers } from "./answers.ts";
import type { Load } from "./load.ts";
import { requestHead } from "./request-head.ts";
import { standingConnections } from "./standing-connections.ts";

export function keepAlive(path: string, connections: number): Load {
  return (target, tally) => {
    const request = requestHead(`GET /flask${path}`, target.headers);
    return standingConnections(connections, target, tally, (socket) => {
      let since = 0;
      const begin = () => {
        since = performance.now();
        socket().write(request);
      };
      const receive = answers((good) => {
        if (good) {
          tally.answered(since);
          tally.done(1);
        } else tally.failed();
        begin();
      });
      return { begin, receive };
    });
  };
}
