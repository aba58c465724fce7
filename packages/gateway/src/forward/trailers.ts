/** Trailers (RFC 9110 section 6.5): dropped, but for those that a route names. */
import { withoutOws } from "../without-ows.ts";

/** Lower case. None of them is reserved, hop-by-hop or framing: the configuration has seen to that. */
export type TrailerNames = ReadonlySet<string>;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a value may hold on the wire: no control but HTAB. */
const text = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * @param lines as they came from the upstream, without their CRLF, octets as Latin-1
 * @returns those that may pass, names and values in pairs
 */
export function trailerPairs(lines: readonly string[], names: TrailerNames): [name: string, value: string][] {
  return lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    const value = withoutOws(line, colon + 1);
    return mayPass(name, value, names) ? [[name, value]] : [];
  });
}

/**
 * @param raw names and values in turn
 * @returns lines ready for the wire, each with its CRLF
 */
export function trailerLines(raw: readonly string[], names: TrailerNames | undefined): string {
  if (names === undefined) return "";
  let lines = "";
  for (let at = 0; at < raw.length; at += 2) {
    const [name = "", value = ""] = [raw[at], raw[at + 1]];
    if (mayPass(name, value, names)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function mayPass(name: string, value: string, names: TrailerNames): boolean {
  return names.has(name.toLowerCase()) && token.test(name) && text.test(value);
}
