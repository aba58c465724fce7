/** A process that logs: argv is the worker's number (or nothing), the lines of exchanges, and those before an event each. */
import { createLog } from "../log.ts";

const [worker, count, every] = process.argv.slice(2).map(Number);
const log = createLog(true, worker === 0 ? undefined : worker);
for (let at = 1; at <= (count ?? 0); at += 1) {
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
  if (at % (every ?? 1) === 0) log.event(`after ${at}`);
}
await log.end();
