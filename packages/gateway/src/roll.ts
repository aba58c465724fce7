/**
 * Those who are there at the moment, where somebody comes and goes with every request or connection. A Set in all but this:
 *
 * When a Set grows or shrinks, V8 leaves the old table pointing at the new one. Once one of them has got old, each of those that
 * follow hangs on the one before, dead or not, with all that was in it: requests that ended long ago stay, and are copied about,
 * until V8 looks through everything.
 */
export class Roll<Member extends object> {
  readonly #members: Member[] = [];
  readonly #places = new WeakMap<Member, number>();

  get size(): number {
    return this.#members.length;
  }

  has(member: Member): boolean {
    return this.#places.has(member);
  }

  add(member: Member): void {
    if (this.#places.has(member)) return;
    this.#places.set(member, this.#members.length);
    this.#members.push(member);
  }

  /** @returns whether it was there */
  delete(member: Member): boolean {
    const place = this.#places.get(member);
    if (place === undefined) return false;
    this.#places.delete(member);
    const last = this.#members.pop();
    if (last !== undefined && last !== member) {
      this.#members[place] = last;
      this.#places.set(last, place);
    }
    return true;
  }

  /** Those who are there now, in no order, whoever comes or goes meanwhile. */
  [Symbol.iterator](): Iterator<Member> {
    return this.#members.slice().values();
  }
}
