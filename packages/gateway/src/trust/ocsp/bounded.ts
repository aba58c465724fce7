/** A Map that forgets what was written into it longest ago when it is full. */
export class Bounded<Value> {
  readonly #limit: number;
  readonly #entries: Map<string, Value>;

  /** @param entries what it begins with, oldest first: no more than the limit */
  constructor(limit: number, entries: Iterable<readonly [string, Value]> = []) {
    this.#limit = limit;
    this.#entries = new Map(entries);
  }

  /** The value of a key; when there is none, a new one that is kept. */
  get(key: string, make: () => Value): Value {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }

  peek(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    const [oldest] = this.#entries.size < this.#limit ? [] : this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, value);
  }

  values(): Iterable<Value> {
    return this.#entries.values();
  }

  [Symbol.iterator](): IterableIterator<[string, Value]> {
    return this.#entries.entries();
  }
}
