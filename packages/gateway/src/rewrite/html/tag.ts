/** A tag from behind its name to behind its `>`, as the tokenizer of HTML reads it (sections 13.2.5.32 to 40). */
import { DOUBLE, EQUALS, GREATER, SINGLE, SLASH, isSpace } from "./characters.ts";
import type { Reader } from "./reader.ts";
import { indexOfUnit, type Units } from "./units.ts";

/** Where an attribute stands, counted from the start of the document: four numbers in a row. */
export const NAME = 0;
export const NAME_END = 1;
/** Without its quotes; empty at the end of the name where there is none. */
export const VALUE = 2;
export const VALUE_END = 3;
export const STRIDE = 4;

const between = 0;
const inName = 1;
const behindName = 2;
const beforeValue = 3;
const quoted = 4;
const unquoted = 5;
const slash = 6;

/** One reader reads one tag after the other. */
export class TagReader implements Reader {
  /** In lower case, unless it is XML's. */
  name = "";
  isEnd = false;
  selfClosing = false;
  /** Of which only the first `length` numbers are of this tag: emptying the list itself would have to allocate it anew. */
  readonly attributes: number[] = [];
  length = 0;
  /** What an index of the units has to be raised by: where they begin in the document. */
  base = 0;
  #state = between;
  #quote = 0;
  #name = 0;
  #value = 0;
  #watching = true;

  begin(name: string, isEnd: boolean): this {
    this.name = name;
    this.isEnd = isEnd;
    this.selfClosing = false;
    this.length = 0;
    this.#state = between;
    this.#watching = !isEnd;
    return this;
  }

  /** From here on nobody wants to know the attributes. */
  forget(): void {
    this.#watching = false;
    this.length = 0;
  }

  read(units: Units, from: number): number {
    for (let at = from; at < units.length; at += 1) {
      switch (this.#state) {
        case quoted:
          at = indexOfUnit(units, this.#quote, at);
          if (at < 0) return -1;
          this.#valueEnds(at);
          break;
        case inName:
          while (at < units.length && !this.#nameEnds(units[at] ?? 0, at)) at += 1;
          at -= 1;
          break;
        case unquoted: {
          while (at < units.length && !isSpace(units[at] ?? 0) && units[at] !== GREATER) at += 1;
          if (at === units.length) return -1;
          this.#valueEnds(at);
          if (units[at] === GREATER) return at + 1;
          break;
        }
        default:
          if (this.#step(units[at] ?? 0, at)) return at + 1;
      }
    }
    return -1;
  }

  /** @returns whether this unit ends the tag */
  #step(unit: number, at: number): boolean {
    if (isSpace(unit)) {
      if (this.#state === slash) this.#state = between;
    } else if (this.#state === beforeValue) {
      this.#valueBegins(unit, at);
    } else if (this.#state === behindName && unit === EQUALS) {
      this.#state = beforeValue;
    } else if (unit === SLASH) {
      this.#state = slash;
    } else if (unit === GREATER) {
      this.selfClosing = this.#state === slash;
    } else {
      // An equals sign too: a name may begin with one, but not go on with one.
      this.#name = this.base + at;
      this.#state = inName;
    }
    return unit === GREATER;
  }

  /** @returns whether it does; the unit that ends it is still to be looked at */
  #nameEnds(unit: number, at: number): boolean {
    if (!isSpace(unit) && unit !== SLASH && unit !== GREATER && unit !== EQUALS) return false;
    this.#state = behindName;
    const end = this.base + at;
    if (this.#watching) {
      this.attributes[this.length + NAME] = this.#name;
      for (let nth = NAME_END; nth < STRIDE; nth += 1) this.attributes[this.length + nth] = end;
      this.length += STRIDE;
    }
    return true;
  }

  #valueBegins(unit: number, at: number): void {
    if (unit === GREATER) return;
    this.#value = this.base + at;
    this.#state = unquoted;
    if (unit !== DOUBLE && unit !== SINGLE) return;
    this.#quote = unit;
    this.#value += 1;
    this.#state = quoted;
  }

  #valueEnds(at: number): void {
    this.#state = between;
    if (!this.#watching || this.length === 0) return;
    this.attributes[this.length - STRIDE + VALUE] = this.#value;
    this.attributes[this.length - STRIDE + VALUE_END] = this.base + at;
  }
}
