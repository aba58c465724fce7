/** The backend of the honest clients, in a thread of its own: nobody else's work delays its answers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";

const server = createServer((_, response) => {
  response.end("ok\n");
});
server.listen(0, "127.0.0.1", () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
