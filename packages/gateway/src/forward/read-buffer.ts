/**
 * What a connection to an upstream reads into. Small answers share one buffer, since each is used up before anything else is
 * read. A large body gets buffers that are handed on as they are, where copying would cost more than making new ones.
 */
const size = 65_536;
const large = 16_384;
const shared = Buffer.allocUnsafeSlow(size);

export class ReadBuffer {
  #current = shared;

  /** What the next read goes into. */
  next(): Buffer {
    return this.#current;
  }

  /** The octets of this read, whoever's they are: good until the next one. */
  view(octets: number): Buffer {
    return this.#current.subarray(0, octets);
  }

  /** The octets of this read, to be kept by whoever gets them. */
  keep(octets: number): Buffer {
    const view = this.view(octets);
    const isLarge = octets >= large;
    const isShared = this.#current === shared;
    if (isLarge) this.#current = Buffer.allocUnsafeSlow(size);
    return isLarge && !isShared ? view : Buffer.from(view);
  }

  /** The large body is over. */
  share(): void {
    this.#current = shared;
  }
}
