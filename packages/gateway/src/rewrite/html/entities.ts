/** The character references in an attribute's value (HTML section 13.2.5.72 and following). */
import { plainView, viewThrough, type View } from "../text/view.ts";

/** Every name of a character of ASCII: no other can be of importance to a reference's beginning, or to CSS. */
const named = new Map(
  Object.entries({
    "\t": "Tab", "\n": "NewLine", "!": "excl", '"': "quot QUOT", "#": "num", $: "dollar", "%": "percnt", "&": "amp AMP",
    "'": "apos", "(": "lpar", ")": "rpar", "*": "ast midast", "+": "plus", ",": "comma", ".": "period", "/": "sol", ":": "colon",
    ";": "semi", "<": "lt LT", "=": "equals", ">": "gt GT", "?": "quest", "@": "commat", "[": "lsqb lbrack", "\\": "bsol",
    "]": "rsqb rbrack", "^": "Hat", _: "lowbar UnderBar", "`": "grave DiacriticalGrave", "{": "lcub lbrace",
    "|": "verbar vert VerticalLine", "}": "rcub rbrace", fj: "fjlig",
  }).flatMap(([character, names]) => names.split(" ").map((name) => [name, character] as const)),
); // prettier-ignore

/** By number; by name; and the few that mean a character without `;` too, unless a name goes on behind them. */
const reference = /&(?:#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?|([A-Za-z][A-Za-z0-9]*);|(amp|AMP|lt|LT|gt|GT|quot|QUOT)(?![A-Za-z0-9=]))/g; // prettier-ignore

/** What stands for a character beyond ASCII, whichever. */
const other = "\ufffd";

export function decodeEntities(written: string): View {
  if (!written.includes("&")) return plainView(written);
  return viewThrough(written, reference, ([, hexadecimal, decimal, name, bare]) => {
    if (name !== undefined) return named.get(name) ?? other;
    if (bare !== undefined) return named.get(bare) ?? other;
    const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
    return code > 0 && code < 0x80 ? String.fromCharCode(code) : other;
  });
}
