/** Reads revocation lists without stalling the requests meanwhile. */
import type { X509Certificate } from "node:crypto";
import { Worker } from "node:worker_threads";
import { loadLists, type Loaded } from "./load-lists.ts";

export type LoadJob = {
  readonly octets: Uint8Array<ArrayBuffer>;
  /** DER. */
  readonly authorities: readonly Uint8Array[];
  readonly known: string | undefined;
};

/** Shorter ones, up to some 1,500 entries, are read at once: they take 10 ms, and a worker takes ten times that to start. */
const longEnough = 64 * 1024;

/**
 * @param octets given away: long ones are empty afterwards
 * @param known the digest of octets that need not be read again
 * @returns never rejects
 */
export async function loadOffThread(
  octets: Buffer,
  authorities: readonly X509Certificate[],
  known?: string,
): Promise<Loaded> {
  const ders = authorities.map(({ raw }) => new Uint8Array(raw));
  if (octets.length < longEnough) return loadLists(octets, ders, known);
  const { buffer } = octets;
  const own =
    buffer instanceof ArrayBuffer && buffer.byteLength === octets.length
      ? new Uint8Array(buffer)
      : new Uint8Array(octets);
  return await inWorker({ octets: own, authorities: ders, known });
}

function inWorker(job: LoadJob): Promise<Loaded> {
  return new Promise((resolve) => {
    const fail = (reason: string) => {
      resolve({ digest: undefined, problem: `could not be read (${reason})` });
    };
    const worker = new Worker(new URL("./load-worker.ts", import.meta.url), {
      workerData: job,
      transferList: [job.octets.buffer],
    });
    worker.once("message", resolve);
    worker.once("error", (error) => {
      fail(error instanceof Error ? error.message : String(error));
    });
    worker.once("exit", (code) => {
      fail(`its reader ended with ${code}`);
    });
  });
}
