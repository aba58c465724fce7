/** The grammar of one `X-Forwarded-Client-Cert` element, as far as every reader agrees on it. */
import { IdentityError } from "../identity-error.ts";

export type XfccPair = readonly [key: string, value: string];

const spellings = ["By", "Hash", "Cert", "Chain", "Subject", "URI", "DNS"];
const repeatable = new Set(["By", "URI", "DNS"]);

// A backslash is a character like any other, but not before a quote, or behind another one: there readers differ.
const pattern = /([A-Za-z]+)=(?:"((?:[^"\\]|\\[^"\\])*)"|([^",;=\\ ]+))([;,]|$)/y;

/**
 * @returns key and value of each pair in their order; keys as Envoy documents their spelling
 * @throws IdentityError `subject-repeated` for a second element and for a key that may be there once, `name-malformed`
 *   on anything that is not an element
 */
export function parseXfcc(text: string): XfccPair[] {
  if (/[^\x20-\x7e]/.test(text)) throw malformed();
  const pairs: XfccPair[] = [];
  pattern.lastIndex = 0;
  for (let separator = ";"; separator !== "";) {
    if (separator === ",") throw repeated("two elements");
    const [, name = "", quoted, bare, next = ""] = pattern.exec(text) ?? [];
    const key = spellings.find((spelling) => spelling.toLowerCase() === name.toLowerCase());
    if (key === undefined) throw malformed();
    if (!repeatable.has(key) && pairs.some(([other]) => other === key)) throw repeated(`two ${key}`);
    pairs.push([key, quoted ?? bare ?? ""]);
    separator = next;
  }
  return pairs;
}

function malformed(): IdentityError {
  return new IdentityError("name-malformed", "The value is not an X-Forwarded-Client-Cert element.");
}

function repeated(what: string): IdentityError {
  return new IdentityError("subject-repeated", `X-Forwarded-Client-Cert holds ${what}.`);
}
