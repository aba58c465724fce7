/** One large body after the other, on connections that stay open. */
import { answers } from "./answers.ts";
import type { Load } from "./load.ts";
import { requestHead } from "./request-head.ts";
import { standingConnections } from "./standing-connections.ts";

const mebibyte = 1_048_576;
const piece = Buffer.alloc(mebibyte / 4, "x");

/** @param size of a body in MiB, which are what is counted: as they leave, since a whole body takes too long */
export function upload(size: number, connections: number): Load {
  return (target, tally) => {
    const head = requestHead("POST /flask/upload", target.headers, [`Content-Length: ${size * mebibyte}`]);
    return standingConnections(connections, target, tally, (socket) => {
      let since = 0;
      let left = 0;
      // one piece at a time: what waits in our own memory would be encrypted all at once
      const send = () => {
        if (left === 0 || socket().destroyed) return;
        left -= piece.length;
        socket().write(piece, () => {
          tally.done(piece.length / mebibyte);
          send();
        });
      };
      const begin = () => {
        since = performance.now();
        left = size * mebibyte;
        socket().write(head);
        send();
      };
      const receive = answers((good) => {
        if (good && left === 0) tally.answered(since);
        else tally.failed();
        begin();
      });
      return { begin, receive };
    });
  };
}
