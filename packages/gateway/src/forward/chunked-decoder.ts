/** Reads a chunked body (RFC 9112 section 7.1), strictly: CRLF everywhere, hex sizes, bounded extensions and trailers. */
import { Refusal } from "../refuse/refusal.ts";

type State =
  | "size"
  | "extension"
  | "size-lf"
  | "data"
  | "data-cr"
  | "data-lf"
  | "trailer"
  | "trailer-line"
  | "trailer-lf"
  | "last-lf";

const CR = 13;
const LF = 10;
/** Extensions and trailers are skipped; a whole body may carry this many octets of them. */
const mostSkipped = 16_384;

export class ChunkedDecoder {
  done = false;
  /** Trailer lines without their CRLF, if they are of interest. */
  readonly trailers: string[] = [];
  readonly #collects: boolean;
  #line = "";
  #state: State = "size";
  #left = 0;
  #digits = 0;
  #skipped = 0;

  /** @param collects whether the trailers are of interest; if not, they are skipped */
  constructor(collects = false) {
    this.#collects = collects;
  }

  /**
   * @param sink called with each piece of content, a view of `buffer`
   * @returns the index behind the last octet that was read; less than the length only when the body is done
   * @throws Refusal `upstream-invalid`
   */
  decode(buffer: Buffer, from: number, sink: (piece: Buffer) => void): number {
    let at = from;
    while (at < buffer.length && !this.done) {
      if (this.#state === "data") {
        const take = Math.min(this.#left, buffer.length - at);
        sink(buffer.subarray(at, at + take));
        at += take;
        this.#left -= take;
        if (this.#left === 0) this.#state = "data-cr";
      } else {
        this.#step(buffer[at++] ?? 0);
      }
    }
    return at;
  }

  #step(octet: number): void {
    switch (this.#state) {
      case "size": {
        const digit = hexDigit(octet);
        if (digit >= 0 && this.#digits < 12) {
          this.#left = this.#left * 16 + digit;
          this.#digits += 1;
        } else if (this.#digits === 0) invalid();
        else if (octet === CR) this.#state = "size-lf";
        else if (octet === 0x3b) this.#state = "extension";
        else invalid();
        return;
      }
      case "extension":
        if (octet === CR) this.#state = "size-lf";
        else this.#skip(octet);
        return;
      case "size-lf":
        expect(octet, LF);
        this.#digits = 0;
        this.#state = this.#left === 0 ? "trailer" : "data";
        return;
      case "data-cr":
        expect(octet, CR);
        this.#state = "data-lf";
        return;
      case "data-lf":
        expect(octet, LF);
        this.#state = "size";
        return;
      case "trailer":
        if (octet === CR) this.#state = "last-lf";
        else {
          this.#keep(octet);
          this.#state = "trailer-line";
        }
        return;
      case "trailer-line":
        if (octet === CR) this.#state = "trailer-lf";
        else this.#keep(octet);
        return;
      case "trailer-lf":
        expect(octet, LF);
        if (this.#collects) this.trailers.push(this.#line);
        this.#line = "";
        this.#state = "trailer";
        return;
      case "last-lf":
        expect(octet, LF);
        this.done = true;
        return;
      case "data":
    }
  }

  #keep(octet: number): void {
    this.#skip(octet);
    if (this.#collects) this.#line += String.fromCharCode(octet);
  }

  #skip(octet: number): void {
    this.#skipped += 1;
    if (octet === LF || octet === 0 || this.#skipped > mostSkipped) invalid();
  }
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function expect(octet: number, wanted: number): void {
  if (octet !== wanted) invalid();
}

function invalid(): never {
  throw new Refusal("upstream-invalid", "The upstream sent a broken chunked body.");
}
