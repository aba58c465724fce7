import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port that is free now and that nobody is given by chance: below the range from which the system hands out ports to
 * all the other tests that run at the same time.
 */
export async function freePort(): Promise<number> {
  const port = 10_000 + Math.floor(Math.random() * 20_000);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return freePort();
  }
  await new Promise((resolve) => server.close(resolve));
  return port;
}
