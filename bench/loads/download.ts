/** One large body after the other, on connections that stay open. */
import { answers } from "./answers.ts";
import type { Load } from "./load.ts";
import { requestHead } from "./request-head.ts";
import { standingConnections } from "./standing-connections.ts";

const mebibyte = 1_048_576;

/** Counts MiB: as they come, since a whole body takes too long. */
export function download(path: string, connections: number): Load {
  return (target, tally) => {
    const request = requestHead(`GET /flask${path}`, target.headers);
    return standingConnections(connections, target, tally, (socket) => {
      let since = 0;
      const begin = () => {
        since = performance.now();
        socket().write(request);
      };
      const take = answers((good) => {
        if (good) tally.answered(since);
        else tally.failed();
        begin();
      });
      const receive = (octets: Buffer) => {
        tally.done(octets.length / mebibyte);
        take(octets);
      };
      return { begin, receive };
    });
  };
}
