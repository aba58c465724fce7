/** The worker that reads one long list and ends. Its parent is load-off-thread.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { loadLists } from "./load-lists.ts";
import type { LoadJob } from "./load-off-thread.ts";
import { buffersOf } from "./serial-index.ts";

const { octets, authorities, known } = workerData as LoadJob;
const loaded = loadLists(
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength),
  authorities,
  known,
);
const lists = "lists" in loaded ? loaded.lists : [];
parentPort?.postMessage(
  loaded,
  lists.flatMap(({ index }) => buffersOf(index)),
);
