import type { Request } from "express";

/**
 * Whether a browser says that this request was sent by a page of ours, or by nobody's page at all (an address that was
 * typed, a bookmark). Browsers say so in two headers that no page can write: `Sec-Fetch-Site` (Fetch Metadata, W3C) and
 * `Origin` (RFC 6454, on every POST since 2020). Who sends neither is no browser of today, and has no page that could
 * make it send what its owner does not want.
 *
 * Both are asked, because a client certificate goes out with every request, as a cookie does, and no cookie rule
 * (`SameSite`) holds it back. A sibling subdomain is somebody else.
 */
export function isSameOrigin(request: Request): boolean {
  const site = request.get("Sec-Fetch-Site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = request.get("Origin");
  if (origin === undefined) return true;
  // What a browser says in the place of the origin of a page under `Referrer-Policy: no-referrer`, ours included.
  if (origin === "null") return site === "same-origin";
  const own = originOf(`${request.protocol}://${request.host}`);
  return own !== undefined && originOf(origin) === own;
}

/** With the scheme's own port left out. `undefined` for what is no origin. */
function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  // "https://flask.local/path" and "https://user@flask.local" are not what a browser writes
  return url && (url.protocol === "https:" || url.protocol === "http:") && `${url.origin}/` === url.href ? url.origin : undefined; // prettier-ignore
}
