/** A process that logs. argv: the worker's number (0: there is one process), how many exchanges, and how many of them before each event. */
import { createLog } from "../log.ts";

const [worker = 0, count = 0, every = 1] = process.argv.slice(2).map(Number);
const log = createLog(true, worker === 0 ? undefined : worker);
for (let at = 1; at <= count; at += 1) {
  log.access?.({
    method: "GET",
    path: `/${at}/\u00e9\u202e`,
    status: 200,
    subject: null,
    verify: "NONE",
    route: null,
    target: undefined,
    duration: 1.5,
    bytes: 0,
    address: "192.0.2.1",
  });
  if (at % every === 0) log.event(`after ${at}`);
}
await log.end();
