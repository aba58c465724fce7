/**
 * A set of serial numbers with what is known of each: exact, compact, and found in constant time.
 *
 * Typed arrays and nothing else, so that a million entries are five objects for the garbage collector, and a worker can
 * hand them over without copying.
 */
import { randomInt } from "node:crypto";
import type { RevokedEntry } from "./revoked-entries.ts";

export type SerialIndex = {
  readonly count: number;
  /** Of the hash, so that nobody can tell beforehand which serial numbers share a slot. */
  readonly seed: number;
  /** Open addressing: the number of an entry plus one, or 0. A power of two long, at most half of it full. */
  readonly table: Uint32Array<ArrayBuffer>;
  /** Entry n has the octets from offsets[n] to offsets[n + 1]. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly reasons: Uint8Array<ArrayBuffer>;
  readonly dates: Float64Array<ArrayBuffer>;
};

/** An entry of a list of `size` octets is 20 of them at least: SEQUENCE, INTEGER and UTCTime. */
const shortestEntry = 20;

/**
 * Copies what it is given. Of a number that comes twice the first counts.
 * @param size of the encoded entries together, in octets
 */
export function buildSerialIndex(entries: Iterable<RevokedEntry>, size: number): SerialIndex {
  const most = Math.ceil(size / shortestEntry);
  const offsets = new Uint32Array(most + 1);
  const octets = new Uint8Array(size);
  const reasons = new Uint8Array(most);
  const dates = new Float64Array(most);
  let count = 0;
  let length = 0;
  for (const { serial, date, reason } of entries) {
    octets.set(serial, length);
    length += serial.length;
    reasons[count] = reason;
    dates[count] = date;
    offsets[++count] = length;
  }
  const index = {
    count,
    seed: randomInt(2 ** 32),
    table: new Uint32Array(2 ** Math.ceil(Math.log2(2 * count + 2))),
    offsets: offsets.slice(0, count + 1),
    octets: octets.slice(0, length),
    reasons: reasons.slice(0, count),
    dates: dates.slice(0, count),
  };
  for (let number = 0; number < count; number++) {
    const [start = 0, end = 0] = [index.offsets[number], index.offsets[number + 1]];
    const { slot, found } = probe(index, index.octets.subarray(start, end));
    if (found === undefined) index.table[slot] = number + 1;
  }
  return index;
}

/** @param serial its shortest octets */
export function findSerial(
  index: SerialIndex,
  serial: Uint8Array,
): { date: number; reason: number } | undefined {
  const { found } = probe(index, serial);
  if (found === undefined) return undefined;
  return { date: index.dates[found] ?? NaN, reason: index.reasons[found] ?? 0 };
}

/** The buffers to transfer instead of copying. */
export function buffersOf({ table, offsets, octets, reasons, dates }: SerialIndex): ArrayBuffer[] {
  return [table.buffer, offsets.buffer, octets.buffer, reasons.buffer, dates.buffer];
}

/** The entry's number, or the empty slot where it would stand. */
function probe(index: SerialIndex, serial: Uint8Array): { slot: number; found: number | undefined } {
  const mask = index.table.length - 1;
  for (let slot = hash(serial, index.seed) & mask; ; slot = (slot + 1) & mask) {
    const entry = index.table[slot] ?? 0;
    if (entry === 0) return { slot, found: undefined };
    if (holds(index, entry - 1, serial)) return { slot, found: entry - 1 };
  }
}

function holds({ offsets, octets }: SerialIndex, number: number, serial: Uint8Array): boolean {
  const start = offsets[number] ?? 0;
  if ((offsets[number + 1] ?? 0) - start !== serial.length) return false;
  for (let at = 0; at < serial.length; at++) {
    if (octets[start + at] !== serial[at]) return false;
  }
  return true;
}

/** FNV-1a, and the end of MurmurHash3 behind it so that every bit counts in the lowest. */
function hash(octets: Uint8Array, seed: number): number {
  let value = seed | 0;
  for (const octet of octets) value = Math.imul(value ^ octet, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
