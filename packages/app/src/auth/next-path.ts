/** Where somebody wanted to go before they had to sign in. */

const longest = 2048;

/**
 * The path of this app in `next`, as it may be put into Location, or `undefined` for whatever a browser could take for
 * another site's address: `//evil.test`, `/\evil.test`, `https:…`, with line breaks or tabs in between (which browsers
 * leave out), or with dots that become such a thing.
 * @param next as it came, decoded once, of any type: `?next=a&next=b` is an array
 */
export function nextPath(next: unknown): string | undefined {
  if (typeof next !== "string" || next.length > longest || !/^\/(?![/\\])[^\\\p{Cc}\p{Cs}]*$/u.test(next)) return undefined; // prettier-ignore
  const here = "https://here.invalid";
  const url = URL.parse(next, here);
  if (url?.origin !== here || url.pathname.startsWith("//")) return undefined;
  return url.pathname + url.search + url.hash;
}
