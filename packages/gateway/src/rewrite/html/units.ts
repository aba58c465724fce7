/**
 * What a document is made of: octets, or the 16-bit units of UTF-16. Every other encoding that browsers know writes ASCII
 * as ASCII, and no character beyond it with an octet that has a meaning in markup; so nothing needs to be decoded.
 */
export type Units = Buffer | Uint16Array;

/** Units as characters, one for one: those of UTF-16 as they are, octets as Latin-1. */
export function textOf(units: Units, from: number, to: number): string {
  if (!(units instanceof Uint16Array)) return units.toString("latin1", from, to);
  return Buffer.from(units.buffer, units.byteOffset + 2 * from, 2 * (to - from)).toString("utf16le");
}

/** @param like units of the kind that is wanted */
export function joinUnits(pieces: readonly Units[], like: Units): Units {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const joined = newUnits(
    pieces.reduce((sum, { length }) => sum + length, 0),
    like,
  );
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** @param like units of the kind that is wanted */
export function newUnits(length: number, like: Units): Units {
  return like instanceof Uint16Array ? new Uint16Array(length) : Buffer.allocUnsafeSlow(length);
}

/** A native copy is worth its call only for what is long. */
const long = 128;

export function copyUnits(source: Units, from: number, to: number, target: Units, at: number): void {
  if (to - from < long)
    for (let nth = 0; nth < to - from; nth += 1) target[at + nth] = source[from + nth] ?? 0;
  else if (source instanceof Uint16Array || target instanceof Uint16Array)
    target.set(source.subarray(from, to), at);
  else source.copy(target, at, from, to);
}

/** What begins there, in memory of its own. */
export function copyOf(units: Units, from: number): Units {
  const copy = newUnits(units.length - from, units);
  copy.set(units.subarray(from));
  return copy;
}

/** The native search is worth its call only for what is far away. */
const near = 32;

export function indexOfUnit(units: Units, unit: number, from: number): number {
  const end = Math.min(units.length, from + near);
  for (let at = from; at < end; at += 1) if (units[at] === unit) return at;
  return end === units.length ? -1 : units.indexOf(unit, end);
}

/** In Shift_JIS, Big5 and GBK the second octet of a character may be that of a backslash, which then escapes nothing. */
export const escapeInDoubt = /[\x80-\xff]\\/;
