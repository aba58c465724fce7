/** What browsers make of the tags: where they are in SVG or MathML, and what kind of text follows a tag. */

/** `markup` holds tags; anything else is the name of the element whose end tag ends its text, or `plaintext`. */
export type Content = "markup" | "plaintext" | (string & {});

/** RCDATA, RAWTEXT and script data (HTML section 13.2.6.4); `noscript` as a browser with scripts reads it. */
const textElements = new Set(["title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "script"]); // prettier-ignore
/** Elements that are never open. */
const voidElements = new Set(["area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input", "keygen", "link", "meta", "param", "source", "track", "wbr"]); // prettier-ignore

/** Elements of SVG and MathML that hold HTML again (section 13.2.6.5, and the integration points of 13.2.6). */
const holdHtml = {
  svg: new Set(["foreignobject", "desc", "title"]),
  math: new Set(["mi", "mo", "mn", "ms", "mtext", "annotation-xml"]),
};

/** Elements of HTML that end SVG and MathML wherever they begin. */
const breakOut = new Set(
  (
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr " +
    "ol p pre ruby s small span strong strike sub sup table tt u ul var"
  ).split(" "),
);

/** The value of an attribute of a tag, if it has it. */
export type Says = (attribute: string) => string | undefined;

type Space = "html" | "svg" | "math";
/** `own` is what an element belongs to, `inner` what a tag within it belongs to. */
type Open = { readonly name: string; readonly own: Space; readonly inner: Space };

/** More open elements than anybody nests; beyond them, nobody is counted any more. */
const mostOpen = 512;

/**
 * A stack of names, without all that browsers do to mend a document whose tags do not match: it is right about SVG and
 * MathML unless they overlap with what is around them.
 */
export class OpenElements {
  readonly #open: Open[] = [];

  /** Whether a tag here is SVG's or MathML's; only there are CDATA sections (or a little further, depending on the browser). */
  get isForeign(): boolean {
    return this.#open.at(-1)?.inner !== "html" && this.#open.length > 0;
  }

  /** Whether something foreign is open. */
  get anyForeign(): boolean {
    return this.#open.some(({ own }) => own !== "html");
  }

  start(name: string, selfClosing: boolean, says: Says): Content {
    const space = this.#open.at(-1)?.inner ?? "html";
    if (space !== "html" && !breaksOut(name, says)) {
      if (!selfClosing) this.#push(name, space, insideOf(name, space, says));
      return "markup";
    }
    this.#leaveForeign();
    if (name === "svg" || name === "math") {
      if (!selfClosing) this.#push(name, name, name);
      return "markup";
    }
    if (name === "plaintext") return name;
    if (!voidElements.has(name)) this.#push(name, "html", "html");
    return textElements.has(name) ? name : "markup";
  }

  end(name: string): void {
    const open = this.#open;
    if (this.isForeign && (name === "p" || name === "br")) this.#leaveForeign();
    for (let at = open.length - 1; at >= 0; at -= 1) {
      const element = open[at];
      if (element?.name === name) {
        open.length = at;
        return;
      }
      // HTML within SVG does not end what is around it; but right behind `<foreignObject>` there is none yet.
      if (element?.inner === "html" && element.own !== "html" && at < open.length - 1) return;
    }
  }

  #push(name: string, own: Space, inner: Space): void {
    if (this.#open.length < mostOpen) this.#open.push({ name, own, inner });
  }

  #leaveForeign(): void {
    while (this.isForeign) this.#open.pop();
  }
}

function breaksOut(name: string, says: Says): boolean {
  if (name === "font") return ["color", "face", "size"].some((attribute) => says(attribute) !== undefined);
  return breakOut.has(name);
}

function insideOf(name: string, space: "svg" | "math", says: Says): Space {
  if (!holdHtml[space].has(name)) return space;
  if (name !== "annotation-xml") return "html";
  return /^(?:text\/html|application\/xhtml\+xml)$/i.test(says("encoding") ?? "") ? "html" : "math";
}
