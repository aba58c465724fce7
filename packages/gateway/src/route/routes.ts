/** Which route a path belongs to, and what its address is behind that route. */
import { Refusal } from "../refuse/refusal.ts";

type Prefixed = { readonly prefix: string; readonly basePath: string };

export type FindRoute<Route> = (path: string) => Route | undefined;

/**
 * Finds the route with the longest prefix that a path lies under; `/flask` itself lies under `/flask/`. Compared as it was
 * sent, without decoding and with case: `/Flask/` and `/%66lask/` are other addresses. As many lookups as the deepest
 * prefix has slashes, however many routes there are and whatever the path is.
 */
export function routeFinder<Route extends Prefixed>(routes: readonly Route[]): FindRoute<Route> {
  const byPrefix = new Map(routes.map((route) => [route.prefix, route]));
  const deepest = Math.max(0, ...routes.map(({ prefix }) => prefix.split("/").length - 1));
  return (path) => {
    let found: Route | undefined;
    let from = 0;
    for (let depth = 0; depth < deepest; depth += 1) {
      const slash = path.indexOf("/", from);
      if (slash < 0) return byPrefix.get(`${path}/`) ?? found;
      found = byPrefix.get(path.slice(0, slash + 1)) ?? found;
      from = slash + 1;
    }
    return found;
  };
}

/** `/flask` for the prefix `/flask/`: the client is sent to the address with the slash, so that relative links work. */
export function isBare(prefix: string, path: string): boolean {
  return path.length === prefix.length - 1 && prefix.startsWith(path);
}

/**
 * `/flask/x` -> `/x`: the prefix is replaced by the upstream's base path.
 * @throws Refusal `target-invalid` where that would begin with `//`, which reads as another host's address
 */
export function upstreamPath({ prefix, basePath }: Prefixed, path: string): string {
  const mapped = basePath + path.slice(prefix.length);
  if (mapped.startsWith("//"))
    throw new Refusal("target-invalid", "behind the prefix it would begin with //");
  return mapped;
}
