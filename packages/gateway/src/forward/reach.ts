/** Whether anybody is there to give requests to: asked by whoever wants to know before there is a request. */
import type { Dial } from "./dial.ts";

export type Door = {
  readonly name: string;
  /** Whether it is given requests. */
  readonly isIn: boolean;
  readonly dial: Dial;
};

/** Milliseconds. */
const patience = 1_000;

/**
 * Connects as for a request (the name, TCP, and TLS with its verification where that is spoken), and sends none.
 * @returns nothing as soon as one of them is reached, or where there are none; otherwise why none is, a sentence for each
 */
export async function reachAny(doors: readonly Door[]): Promise<readonly string[]> {
  // Several routes may lead to one target: what one of them reaches, all of them do.
  const apart = [...new Map(doors.map((door) => [door.name, door])).values()];
  if (apart.length === 0) return [];
  const { promise: reached, resolve } = Promise.withResolvers<readonly string[]>();
  const tries = apart.map(async (door) => {
    const problem = await reach(door);
    if (problem === undefined) resolve([]);
    return problem;
  });
  const all = Promise.all(tries).then((problems) => problems.filter((problem) => problem !== undefined));
  return Promise.race([reached, all]);
}

function reach({ name, isIn, dial }: Door): Promise<string | undefined> {
  if (!isIn) return Promise.resolve(`${name} is out; the log says why.`);
  return new Promise((resolve) => {
    const { socket, ready } = dial({ buffer: Buffer.alloc(1), callback: () => false });
    const finish = (problem: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(problem);
    };
    const timer = setTimeout(finish, patience, `${name} cannot be reached within ${patience} ms.`);
    socket.once(ready, () => {
      finish(undefined);
    });
    socket.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      finish(`${name} cannot be reached (${code ?? message}).`);
    });
  });
}
