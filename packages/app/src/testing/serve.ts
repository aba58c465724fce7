import type { Server } from "node:http";
import type { TestContext } from "node:test";
import { listen } from "../listen.ts";

/** Listens on a free port until the test ends, however it ends. */
export async function serve(context: TestContext, server: Server): Promise<{ host: string; port: number }> {
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = new URL(await listen(server, { host: "127.0.0.1", port: 0 }));
  return { host: "127.0.0.1", port: Number(port) };
}
