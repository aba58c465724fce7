/** A tag from behind its name to behind its `>`, as the tokenizer of HTML reads it (sections 13.2.5.32 to 40). */
import { DOUBLE, EQUALS, GREATER, SINGLE, SLASH, isSpace } from "./characters.ts";
import type { Reader } from "./reader.ts";
import { indexOfUnit, type Units } from "./units.ts";

/** Where an attribute stands, counted from the start of the document. */
export type Attribute = {
  readonly name: number;
  readonly nameEnd: number;
  /** Without its quotes; empty at the end of the name where there is none. */
  value: number;
  valueEnd: number;
};

type State =
  "between" | "name" | "behind-name" | "before-value" | "quoted" | "unquoted" | "behind-value" | "slash";

export class TagReader implements Reader {
  /** In lower case, unless it is XML's. */
  name = "";
  isEnd = false;
  selfClosing = false;
  readonly attributes: Readonly<Attribute>[] = [];
  #last: Attribute | undefined;
  #state: State = "between";
  #quote = 0;
  #name = 0;
  #value = 0;
  /** What an index of the units has to be raised by. */
  #base = 0;
  #watching = true;

  /** One reader reads one tag after the other. */
  begin(name: string, isEnd: boolean): this {
    this.name = name;
    this.isEnd = isEnd;
    this.selfClosing = false;
    this.attributes.length = 0;
    this.#last = undefined;
    this.#state = "between";
    this.#watching = !isEnd;
    return this;
  }

  /** From here on nobody wants to know the attributes. */
  forget(): void {
    this.#watching = false;
    this.attributes.length = 0;
    this.#last = undefined;
  }

  /** @param base where the units begin in the document */
  readAt(units: Units, at: number, base: number): number {
    this.#base = base;
    return this.read(units, at);
  }

  read(units: Units, from: number): number {
    for (let at = from; at < units.length; at += 1) {
      if (this.#state === "quoted") {
        at = indexOfUnit(units, this.#quote, at);
        if (at < 0) return -1;
        this.#valueEnds(at, "behind-value");
      } else if (this.#step(units[at] ?? 0, at)) return at + 1;
    }
    return -1;
  }

  /** @returns whether this unit ends the tag */
  #step(unit: number, at: number): boolean {
    switch (this.#state) {
      case "between":
      case "behind-value":
      case "slash":
        return this.#between(unit, at);
      case "name":
        if (unit === EQUALS) this.#nameEnds(at, "before-value");
        else if (isSpace(unit)) this.#nameEnds(at, "behind-name");
        else if (unit === SLASH || unit === GREATER) {
          this.#nameEnds(at, "between");
          return this.#between(unit, at);
        }
        return false;
      case "behind-name":
        if (unit === EQUALS) this.#state = "before-value";
        else if (!isSpace(unit)) return this.#between(unit, at);
        return false;
      case "before-value":
        if (isSpace(unit)) return false;
        this.#value = this.#base + at;
        if (unit === GREATER) return true;
        if (unit === DOUBLE || unit === SINGLE) {
          this.#quote = unit;
          this.#value += 1;
          this.#state = "quoted";
        } else this.#state = "unquoted";
        return false;
      case "unquoted":
        if (unit !== GREATER && !isSpace(unit)) return false;
        this.#valueEnds(at, "between");
        return unit === GREATER;
      case "quoted":
        return false;
    }
  }

  #between(unit: number, at: number): boolean {
    if (unit === GREATER) {
      this.selfClosing = this.#state === "slash";
      return true;
    }
    if (unit === SLASH) this.#state = "slash";
    else if (isSpace(unit)) this.#state = "between";
    else {
      this.#name = this.#base + at;
      this.#state = "name";
    }
    return false;
  }

  #nameEnds(at: number, next: State): void {
    this.#state = next;
    if (!this.#watching) return;
    const nameEnd = this.#base + at;
    this.#last = { name: this.#name, nameEnd, value: nameEnd, valueEnd: nameEnd };
    this.attributes.push(this.#last);
  }

  #valueEnds(at: number, next: State): void {
    this.#state = next;
    if (this.#last === undefined) return;
    this.#last.value = this.#value;
    this.#last.valueEnd = this.#base + at;
  }
}
