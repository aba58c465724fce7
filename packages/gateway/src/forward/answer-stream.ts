/** The way back to the client as a stream, for what a body goes through to end in. */
import { Writable } from "node:stream";
import type { Response } from "../response.ts";

export function writableTo(res: Response): Writable {
  const stream = new Writable({
    write(piece: Buffer, _encoding, next) {
      if (res.write(piece)) next();
      else
        res.once("drain", () => {
          next();
        });
    },
    final(done) {
      res.end();
      done();
    },
  });
  res.once("close", () => stream.destroy());
  return stream;
}
