/** The one encoding of the web in which ASCII is not written as ASCII, in both its orders. */
import type { Units } from "./units.ts";

export type Utf16 = "utf-16le" | "utf-16be";

/** @param start the first two octets of a document at least, if it has as many */
export function sniffUtf16(start: Buffer, charset: string | undefined): Utf16 | undefined {
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xef && start[1] === 0xbb) return undefined;
  const name = encodingNamed(charset);
  return name === "utf-16be" || name === "utf-16le" ? name : undefined;
}

/** Every name that browsers know an encoding by leads to its one name. */
function encodingNamed(label: string | undefined): string | undefined {
  try {
    return label && new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

export class Utf16Reader {
  readonly encoding: Utf16;
  /** An octet that still waits for the other half of its unit. */
  rest = Buffer.alloc(0);

  constructor(encoding: Utf16) {
    this.encoding = encoding;
  }

  read(octets: Buffer): Uint16Array {
    const all = Buffer.concat([this.rest, octets]);
    const whole = all.length - (all.length % 2);
    this.rest = all.subarray(whole);
    const units = new Uint16Array(whole / 2);
    const copy = Buffer.from(units.buffer);
    all.copy(copy, 0, 0, whole);
    if (this.encoding === "utf-16be") copy.swap16();
    return units;
  }
}

export function octetsOf(units: Units, encoding?: Utf16): Buffer {
  if (!(units instanceof Uint16Array)) return units;
  const octets = Buffer.from(units.slice().buffer);
  return encoding === "utf-16be" ? octets.swap16() : octets;
}
