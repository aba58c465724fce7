import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { PerformanceObserver, constants } from "node:perf_hooks";
import { test } from "node:test";
import { tookBuffer } from "./young-buffers.ts";

const piece = 16_384;
const mebibyte = 1_048_576;

/** Kinds of the collections that happen meanwhile. */
async function collectionsDuring(work: () => Promise<void>): Promise<number[]> {
  const kinds: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      kinds.push((entry as unknown as { detail: { kind: number } }).detail.kind);
  });
  observer.observe({ entryTypes: ["gc"] });
  await work();
  await turn();
  await turn();
  observer.disconnect();
  return kinds;
}

/** As much as a gateway has alive that does nothing: V8's limit is a multiple of it. */
const alive = Array.from({ length: 100_000 }, (_, at) => ({ at, text: `line ${at}`, more: [at] }));

test("hundreds of MiB of buffers that nobody holds make V8 look through the young alone", async () => {
  const kinds = await collectionsDuring(async () => {
    for (let octets = 0; octets < 512 * mebibyte; octets += piece) {
      Buffer.allocUnsafeSlow(piece);
      tookBuffer(piece);
      if (octets % (16 * mebibyte) === 0) await turn();
    }
  });
  assert.equal(alive.length, 100_000);
  const minor = kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MINOR).length;
  const major = kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MAJOR).length;
  assert.ok(minor >= 30, `${minor} collections of the young`);
  assert.ok(major <= 2, `${major} collections of everything`);
});
