/** Brings the upstream's addresses in the head of an answer back under the prefix. */
import { rewriteCookie } from "./cookie.ts";
import { rewriteLink } from "./link.ts";
import { rewriteLocation } from "./location.ts";
import type { Mapping, Place } from "./mapping.ts";
import { rewriteRefresh } from "./refresh.ts";

type Rewrite = (value: string, place: Place) => string;

const rewrites = new Map<string, Rewrite>([
  ["location", rewriteLocation],
  ["content-location", rewriteLocation],
  ["service-worker-allowed", rewriteLocation],
  ["sourcemap", rewriteLocation],
  ["link", rewriteLink],
  ["refresh", rewriteRefresh],
  ["set-cookie", rewriteCookie],
]);

/**
 * @param headers names and values in turn; changed in place, being nobody else's
 * @param host the request's Host: the other authority that means this very site
 */
export function rewriteHeaders(headers: string[], mapping: Mapping, host: string): string[] {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const rewrite = rewriteOf(name);
    if (rewrite) headers[at + 1] = rewrite(headers[at + 1] ?? "", { mapping, host });
  }
  return headers;
}

/** Names repeat from answer to answer: what each asks for is kept, `null` for nothing. */
const held = new Map<string, Rewrite | null>();

function rewriteOf(name: string): Rewrite | null {
  let rewrite = held.get(name);
  if (rewrite === undefined) {
    rewrite = rewrites.get(name.toLowerCase()) ?? null;
    if (held.size < 1000) held.set(name, rewrite);
  }
  return rewrite;
}
