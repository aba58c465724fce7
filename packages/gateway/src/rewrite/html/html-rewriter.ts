/** A page on its way: what links to the upstream is brought under the prefix, and no other unit is touched. */
import type { Place } from "../mapping.ts";
import { leadsElsewhere, type Base } from "../reference.ts";
import { LESS } from "./characters.ts";
import { mapStyle } from "./css.ts";
import { mapImportMap } from "./import-map.ts";
import type { Map } from "./link-attributes.ts";
import { openMarkup } from "./markup.ts";
import { OpenElements, type Says } from "./open-elements.ts";
import { rawTextReader } from "./raw-text.ts";
import { toTheEnd, type Reader } from "./reader.ts";
import { scriptReader } from "./script.ts";
import { changesOf, sayingsOf } from "./tag-changes.ts";
import { TagReader } from "./tag.ts";
import { indexOfUnit, joinUnits, type Units } from "./units.ts";
import { Window } from "./window.ts";

/** A control that no page holds, except where ISO-2022-JP goes over to characters that look like markup. */
const escape = 0x1b;

/** An element whose text is no markup, and what is to be done with that text once it is all there. */
type Text = {
  readonly element: string;
  readonly start: number;
  readonly finish: ((end: number) => void) | undefined;
};

export class HtmlRewriter {
  readonly #place: Place;
  readonly #isXml: boolean;
  readonly #window = new Window();
  readonly #elements = new OpenElements();
  readonly #tag = new TagReader();
  readonly #says = sayingsOf(this.#tag, this.#window);
  /** What is being read; without one, markup is looked for. */
  #reader: Reader | undefined;
  #text: Text | undefined;
  /** What the page's paths are relative to; not known before its first `<base href>`, and `here` until then. */
  #base: Base | undefined;
  #stopped = false;

  constructor(place: Place, syntax: "html" | "xml", base?: Base) {
    this.#place = place;
    this.#isXml = syntax === "xml";
    this.#base = base;
  }

  /** @returns what can be sent by now, which may be nothing */
  write(chunk: Units): Units {
    const unsafe = this.#stopped ? -1 : chunk.indexOf(escape);
    if (unsafe >= 0) {
      const before = this.write(chunk.subarray(0, unsafe));
      this.#stopped = true;
      return joinUnits([before, this.write(chunk.subarray(unsafe))], chunk);
    }
    const window = this.#window;
    const from = window.add(chunk);
    if (!this.#stopped) this.#read(this.#reader === undefined ? window.base : from);
    if (this.#stopped) window.kept = undefined;
    const wasKept = window.kept !== undefined;
    const sent = window.send();
    if (wasKept && window.kept === undefined) this.#letGo();
    return sent;
  }

  /** What is left over is no whole tag, and goes as it is. */
  end(): Units {
    this.#stopped = true;
    return this.write(this.#window.units.subarray(0, 0));
  }

  /** Whether the document could end here: whatever began has ended. */
  get isSettled(): boolean {
    return (
      !this.#stopped &&
      this.#reader === undefined &&
      this.#window.kept === undefined &&
      !this.#elements.anyForeign
    );
  }

  #read(from: number): void {
    const { units, base } = this.#window;
    this.#tag.base = base;
    for (let at = from - base; at >= 0 && at < units.length && !this.#stopped;) {
      const reader = this.#reader;
      if (reader === undefined) at = this.#lookForMarkup(at);
      else {
        at = reader.read(units, at);
        if (at >= 0) this.#ends(reader, base + at);
      }
    }
  }

  /** @returns where to go on, -1 without any more units to look at */
  #lookForMarkup(from: number): number {
    const { units, base } = this.#window;
    this.#window.kept = undefined;
    const less = indexOfUnit(units, LESS, from);
    if (less < 0) return -1;
    const hasCdata = this.#isXml || this.#elements.isForeign;
    const markup = openMarkup(units, less, { isXml: this.#isXml, hasCdata, tag: this.#tag });
    if (markup === "absurd") {
      this.#stopped = true;
      return -1;
    }
    this.#reader = markup?.reader;
    if (markup === undefined || (this.#reader === this.#tag && !this.#tag.isEnd))
      this.#window.kept = base + less;
    return markup?.at ?? -1;
  }

  #ends(reader: Reader, end: number): void {
    this.#reader = undefined;
    if (this.#text !== undefined) {
      const { element, finish } = this.#text;
      finish?.(end - element.length - 2);
      this.#window.kept = undefined;
      this.#text = undefined;
      this.#reader = this.#tag.begin(element, true);
    } else if (reader === this.#tag) {
      if (this.#tag.isEnd) this.#elements.end(this.#tag.name);
      else this.#startTag(end);
    }
  }

  #startTag(end: number): void {
    const tag = this.#tag;
    const says = this.#says;
    changesOf(tag, says, this.#window, this.#place, this.#base ?? "here");
    this.#window.kept = undefined;
    if (this.#isXml) return;
    if (tag.name === "base" && !this.#elements.isForeign) this.#takeBase(says("href"));
    const content = this.#elements.start(tag.name, tag.selfClosing, says);
    if (content === "plaintext") this.#reader = toTheEnd;
    else if (content !== "markup") this.#startText(content, end, says);
  }

  #takeBase(href: string | undefined): void {
    if (href !== undefined) this.#base ??= leadsElsewhere(href, this.#place) ? "elsewhere" : "here";
  }

  #startText(element: string, start: number, says: Says): void {
    this.#reader = element === "script" ? scriptReader() : rawTextReader(element);
    const map = textMap(element, says);
    const finish =
      element === "noscript"
        ? (end: number) => {
            this.#mapMarkup(start, end);
          }
        : map &&
          ((end: number) => {
            const text = this.#window.text(start, end);
            this.#window.change(map(text, this.#place, this.#base ?? "here"), start);
          });
    this.#text = { element, start, finish };
    if (finish) this.#window.kept = start;
  }

  /**
   * What browsers without scripts read as markup, and the others as text. Where the two could disagree about its end,
   * because something in there has not ended by then, it is left alone.
   */
  #mapMarkup(start: number, end: number): void {
    const { units, base } = this.#window;
    const written = units.subarray(start - base, end - base);
    const rewriter = new HtmlRewriter(this.#place, "html", this.#base ?? "here");
    const rewritten = rewriter.write(written);
    if (rewriter.isSettled) this.#window.replace(start, end, rewritten);
  }

  /** What is held has become too long to wait for its end. */
  #letGo(): void {
    if (this.#text) this.#text = { ...this.#text, finish: undefined };
    else if (this.#reader === this.#tag) this.#tag.forget();
    else this.#stopped = true;
  }
}

function textMap(element: string, says: Says): Map | undefined {
  if (element === "style") return mapStyle;
  return element === "script" && says("type")?.trim().toLowerCase() === "importmap"
    ? mapImportMap
    : undefined;
}
