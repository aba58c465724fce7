/** Brings the upstream's addresses back under the prefix: Location, Content-Location and the Path of Set-Cookie. */

export type Mapping = {
  /** `/flask/`, and what it stands for at the upstream: `/`. Both begin and end with a slash. */
  readonly prefix: string;
  readonly basePath: string;
  /** `127.0.0.1:5000`: the authority by which the upstream may call itself. */
  readonly authority: string;
};

type Rewrite = (value: string, mapping: Mapping, host: string) => string;

const rewrites = new Map<string, Rewrite>([
  ["location", rewriteLocation],
  ["content-location", rewriteLocation],
  ["set-cookie", rewriteCookiePath],
]);

/**
 * @param headers names and values in turn; changed in place, being nobody else's
 * @param host the request's Host: the other authority that means this very site
 */
export function rewriteHeaders(headers: string[], mapping: Mapping, host: string): string[] {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    const rewrite = rewriteOf(name);
    if (rewrite) headers[at + 1] = rewrite(headers[at + 1] ?? "", mapping, host);
  }
  return headers;
}

const held = new Map<string, Rewrite | undefined>();

function rewriteOf(name: string): Rewrite | undefined {
  if (!held.has(name) && held.size < 1000) held.set(name, rewrites.get(name.toLowerCase()));
  return held.has(name) ? held.get(name) : rewrites.get(name.toLowerCase());
}

/**
 * Only a path, or a URL of the upstream itself or of this site, is ours to map; another host's is left alone, and so is
 * a path that is under the prefix already: the application knows where it is mounted.
 */
export function rewriteLocation(value: string, mapping: Mapping, host: string): string {
  const [, authority, path = ""] = /^(?:https?:)?\/\/([^/?#]*)(.*)$/i.exec(value) ?? [];
  if (authority === undefined) return value.startsWith("/") ? mapPath(value, mapping) : value;
  const name = authority.toLowerCase();
  if (name === mapping.authority.toLowerCase())
    return mapPath(path.startsWith("/") ? path : `/${path}`, mapping);
  if (name !== host.toLowerCase()) return value;
  const mapped = mapPath(path.startsWith("/") ? path : `/${path}`, mapping);
  return value.slice(0, value.length - path.length) + mapped;
}

function mapPath(path: string, { prefix, basePath }: Mapping): string {
  const mounted =
    prefix !== "/" && (path.startsWith(prefix) || /^[^?#]*/.exec(path)?.[0] === prefix.slice(0, -1));
  if (mounted) return path;
  return path.startsWith(basePath) ? prefix + path.slice(basePath.length) : path;
}

/** A `__Host-` cookie must keep `Path=/`, or the browser throws it away (RFC 6265bis section 4.1.3.2). */
export function rewriteCookiePath(value: string, mapping: Mapping): string {
  if (value.startsWith("__Host-")) return value;
  return value.replace(
    /(;\s*path=)(\/[^;]*)/i,
    (_, attribute: string, path: string) => attribute + mapPath(path, mapping),
  );
}
