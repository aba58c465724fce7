/** Which route a path belongs to, and what its address is behind that route. */
import { Refusal } from "../refuse/refusal.ts";

type Prefixed = { readonly prefix: string; readonly basePath: string };

/**
 * The route with the longest prefix that the path lies under; `/flask` itself lies under `/flask/`. Compared as it was
 * sent, without decoding and with case: `/Flask/` and `/%66lask/` are other addresses.
 * @param routes longest prefix first
 */
export function matchRoute<Route extends Prefixed>(
  routes: readonly Route[],
  path: string,
): Route | undefined {
  return routes.find(({ prefix }) => path.startsWith(prefix) || isBare(prefix, path));
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
