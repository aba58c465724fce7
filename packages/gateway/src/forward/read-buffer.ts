/**
 * What a connection to an upstream reads into. Small answers share one buffer, since each is used up before anything else is
 * read. A large body gets buffers that are handed on as they are and come back when they are written: making new ones costs
 * more than all the rest.
 */
const size = 65_536;
const large = 16_384;
/** Buffers that wait for the next large body, in all. */
const mostSpare = 64;

const shared: Buffer = Buffer.allocUnsafeSlow(size);
const spare: Buffer[] = [];

/** What was read, and what says that nobody needs it any more; without that, it is the receiver's for ever. */
export type Piece = { readonly octets: Buffer; readonly release: (() => void) | undefined };

export class ReadBuffer {
  #current: Buffer = shared;

  /** What the next read goes into. */
  next(): Buffer {
    return this.#current;
  }

  /** The octets of this read, whoever's they are: good until the next one. */
  view(octets: number): Buffer {
    return this.#current.subarray(0, octets);
  }

  /** The octets of this read, to be kept by whoever gets them. */
  keep(octets: number): Piece {
    const buffer = this.#current;
    const view = buffer.subarray(0, octets);
    if (octets >= large) this.#current = spare.pop() ?? Buffer.allocUnsafeSlow(size);
    if (octets < large || buffer === shared) return { octets: Buffer.from(view), release: undefined };
    return {
      octets: view,
      release() {
        if (spare.length < mostSpare) spare.push(buffer);
      },
    };
  }

  /** The large body is over. */
  share(): void {
    if (this.#current !== shared && spare.length < mostSpare) spare.push(this.#current);
    this.#current = shared;
  }
}
