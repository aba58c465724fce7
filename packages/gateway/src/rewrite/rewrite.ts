/** Brings the upstream's addresses back under the prefix: Location, Content-Location and the Path of Set-Cookie. */

export type Mapping = {
  /** `/flask/`, and what it stands for at the upstream: `/`. Both begin and end with a slash. */
  readonly prefix: string;
  readonly basePath: string;
  /** `127.0.0.1:5000`: the authorities by which the upstream may call itself, in lower case. */
  readonly authorities: readonly string[];
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

/**
 * Only a path, or a URL of the upstream itself or of this site, is ours to map; another host's is left alone, and so is
 * a path that is under the prefix already: the application knows where it is mounted.
 */
export function rewriteLocation(value: string, mapping: Mapping, host: string): string {
  const [, scheme = "", authority, rest = ""] = /^((?:https?:)?)\/\/([^/?#]*)(.*)$/i.exec(value) ?? [];
  if (authority === undefined) return value.startsWith("/") ? asReference(mapPath(value, mapping)) : value;
  const name = authority.toLowerCase();
  const path = mapPath(rest.startsWith("/") ? rest : `/${rest}`, mapping);
  if (name === host.toLowerCase()) return `${scheme}//${authority}${path}`;
  return mapping.authorities.includes(name) ? asReference(path) : value;
}

/** Without its authority, a path that begins with // would be read as another host's (RFC 3986 section 4.2). */
function asReference(path: string): string {
  return path.startsWith("//") ? `/.${path}` : path;
}

/** `/app/x` -> `/flask/x`, and `/app` itself -> `/flask`; what is under the prefix already, or outside the base path, stays. */
function mapPath(path: string, { prefix, basePath }: Mapping): string {
  const end = path.search(/[?#]/);
  const bare = end < 0 ? path : path.slice(0, end);
  if (prefix !== "/" && (bare.startsWith(prefix) || bare === prefix.slice(0, -1))) return path;
  if (path.startsWith(basePath)) return prefix + path.slice(basePath.length);
  return bare === basePath.slice(0, -1) ? (prefix.slice(0, -1) || "/") + path.slice(bare.length) : path;
}

/** A `__Host-` cookie must keep `Path=/`, or the browser throws it away (RFC 6265bis section 4.1.3.2). */
export function rewriteCookiePath(value: string, mapping: Mapping): string {
  if (/^__Host-/i.test(value)) return value;
  return value.replace(
    /(;\s*path=)(\/[^;]*)/gi,
    (_, attribute: string, path: string) => attribute + mapPath(path, mapping),
  );
}
