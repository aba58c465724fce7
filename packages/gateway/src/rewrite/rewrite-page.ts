/** Whether an answer is a page whose links are to be rewritten, and what becomes of its head then. */
import type { Duplex } from "node:stream";
import { contentCoding, type ContentCoding } from "./content-coding.ts";
import { htmlStream } from "./html/html-stream.ts";
import type { Place } from "./mapping.ts";

type Head = {
  readonly status: number;
  readonly body: "none" | "length" | "chunked" | "close";
  readonly length: number;
};

/** Statuses with content that is the whole page: not a part of one (206), nor none (204, 205, 304). */
const withoutPage = new Set([204, 205, 206, 304]);
/** They tell about the octets that the upstream sent. */
const aboutOctets = new Set(["content-length", "content-md5", "content-digest", "repr-digest", "digest"]);
const mediaType = /^(text\/html|application\/xhtml\+xml)[\t ]*(?:;.*?)?$/i;
const charsetOf = /;[\t ]*charset[\t ]*=[\t ]*"?([^\s";]+)/i;

/**
 * @param headers names and values in turn; changed in place where the page is rewritten
 * @param ifNoneMatch of the request: what a 304 is an answer to
 * @returns what the body has to go through, one after the other; nothing when it passes as it is
 */
export function rewritePage(
  head: Head,
  headers: string[],
  ifNoneMatch: string | undefined,
  place: Place,
): readonly Duplex[] {
  if (head.status === 304) weakenAsKnown(headers, ifNoneMatch);
  if (head.status < 200 || withoutPage.has(head.status) || (head.body === "length" && head.length === 0))
    return [];
  const type = only(headers, "content-type");
  const [, media] = mediaType.exec(type ?? "") ?? [];
  const coding = codingOf(valuesOf(headers, "content-encoding"));
  const forbidden = valuesOf(headers, "cache-control").some((value) => /\bno-transform\b/i.test(value));
  if (type === undefined || media === undefined || coding === undefined || forbidden) return [];
  change(headers, (name, value) => {
    if (aboutOctets.has(name)) return undefined;
    if (name === "accept-ranges") return "none";
    return name === "etag" ? weak(value) : value;
  });
  if (head.body === "none") return [];
  const syntax = media.toLowerCase() === "text/html" ? "html" : "xml";
  const page = htmlStream(place, syntax, charsetOf.exec(type)?.[1]);
  return coding === "identity" ? [page] : [coding.decode(), page, coding.encode()];
}

/** @returns nothing for what cannot be read: several codings, or one that nobody here knows */
function codingOf(values: readonly string[]): ContentCoding | "identity" | undefined {
  const name = values.join(",").trim();
  return name === "" || name.toLowerCase() === "identity" ? "identity" : contentCoding(name);
}

/** A 304 speaks of the page that the client has: if that came from here, its ETag has been weakened. */
function weakenAsKnown(headers: string[], ifNoneMatch = ""): void {
  change(headers, (name, value) =>
    name === "etag" && ifNoneMatch.includes(weak(value)) ? weak(value) : value,
  );
}

/** The octets are no longer the upstream's, the page is (RFC 9110 section 8.8.1). */
function weak(etag: string): string {
  return etag.startsWith("W/") ? etag : `W/${etag}`;
}

function valuesOf(headers: readonly string[], wanted: string): readonly string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === wanted);
}

function only(headers: readonly string[], name: string): string | undefined {
  const [value, ...others] = valuesOf(headers, name);
  return others.length === 0 ? value : undefined;
}

/** @param next told each name in lower case; no value, and the line is dropped */
function change(headers: string[], next: (name: string, value: string) => string | undefined): void {
  const lines: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const value = next(name.toLowerCase(), headers[at + 1] ?? "");
    if (value !== undefined) lines.push(name, value);
  }
  headers.splice(0, headers.length, ...lines);
}
