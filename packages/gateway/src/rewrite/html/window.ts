/** The part of a document that is at hand: what came last, and what is held back because its end decides about it. */
import type { Edit } from "../text/edit.ts";
import { lowerName } from "./names.ts";
import { copyOf, copyUnits, newUnits, textOf, type Units } from "./units.ts";

/** Units that are held back for one tag or one style. What is longer passes as it is. */
const mostHeld = 1_048_576;

/** Room for so many changes is there from the beginning. */
const spare = 1024;
const noUnits = Buffer.alloc(0);

/** All positions are counted from the beginning of the document. */
export class Window {
  units: Units = noUnits;
  /** Where `units` begins. */
  base = 0;
  /** From where on nothing is sent yet, although it has been read. */
  kept: number | undefined;
  /** What is held back, in a room that grows by doubling: pieces of any size cost the same in sum. */
  #room: Units | undefined;
  #sent = 0;
  /** What is to be sent, as soon as it is not what was there. */
  #changed: Units = noUnits;
  #length = 0;

  get end(): number {
    return this.base + this.units.length;
  }

  /** @returns where the new units begin */
  add(chunk: Units): number {
    const from = this.end;
    const held = this.units.length;
    if (held === 0) this.units = chunk;
    else {
      const length = held + chunk.length;
      if (this.#room === undefined || length > this.#room.length) {
        this.#room = newUnits(2 * length, chunk);
        this.#room.set(this.units);
      }
      this.#room.set(chunk, held);
      this.units = this.#room.subarray(0, length);
    }
    return from;
  }

  at(position: number): number {
    return this.units[position - this.base] ?? 0;
  }

  /** In lower case. */
  name(from: number, to: number): string {
    return lowerName(this.units, from - this.base, to - this.base);
  }

  text(from: number, to: number): string {
    return textOf(this.units, from - this.base, to - this.base);
  }

  /** @param edits of what is held back, in their order, counted from `from` */
  change(edits: readonly Edit[], from: number): void {
    for (const edit of edits) {
      this.#sendUpTo(from + edit.from);
      this.#appendText(edit.text);
      this.#sent = from + edit.to;
    }
  }

  replace(from: number, to: number, units: Units): void {
    this.#sendUpTo(from);
    this.#append(units, 0, units.length);
    this.#sent = to;
  }

  /** @returns what can be sent by now; when something was held back for too long, `kept` says so no more */
  send(): Units {
    const { end } = this;
    if (this.kept !== undefined && end - this.kept > mostHeld) this.kept = undefined;
    const kept = this.kept ?? end;
    const sent = this.#take(kept);
    if (kept > this.base) {
      this.units = copyOf(this.units, kept - this.base);
      this.#room = undefined;
      this.base = kept;
    }
    return sent;
  }

  /** Where nothing was changed, nothing is copied. */
  #take(to: number): Units {
    if (this.#length === 0) {
      const from = this.#sent;
      this.#sent = to;
      return this.units.subarray(from - this.base, to - this.base);
    }
    this.#sendUpTo(to);
    const sent = this.#changed.subarray(0, this.#length);
    this.#changed = noUnits;
    this.#length = 0;
    return sent;
  }

  #sendUpTo(to: number): void {
    this.#append(this.units, this.#sent - this.base, to - this.base);
    this.#sent = to;
  }

  #appendText(text: string): void {
    this.#makeRoom(this.#length + text.length);
    for (let at = 0; at < text.length; at += 1) this.#changed[this.#length + at] = text.charCodeAt(at);
    this.#length += text.length;
  }

  #append(units: Units, from: number, to: number): void {
    const length = this.#length + to - from;
    this.#makeRoom(length);
    copyUnits(units, from, to, this.#changed, this.#length);
    this.#length = length;
  }

  #makeRoom(length: number): void {
    if (length > this.#changed.length) {
      const larger = newUnits(Math.max(2 * length, this.units.length + spare), this.units);
      copyUnits(this.#changed, 0, this.#length, larger, 0);
      this.#changed = larger;
    }
  }
}
