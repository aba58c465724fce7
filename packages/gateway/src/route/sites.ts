/** Which site a name belongs to: the name of a TLS handshake (SNI), or of a request's Host. */

type Named<Site> = { readonly names: readonly string[]; readonly site: Site };

/** @param name as it was sent: any case, `undefined` where none was, with a port where it comes from Host */
export type FindSite<Site> = (name: string | undefined) => Site;

/**
 * @param fallback the site of every name that no other has
 * @param hosts names in lower case; `*.example` has every name with one label in front of `.example`, as certificates do
 */
export function siteFinder<Site>(fallback: Site, hosts: readonly Named<Site>[]): FindSite<Site> {
  if (hosts.length === 0) return () => fallback;
  const sites = new Map(hosts.flatMap(({ names, site }) => names.map((name) => [name, site] as const)));
  return (name) => {
    if (name === undefined) return fallback;
    const plain = name.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
    if (plain.includes("*")) return fallback;
    return sites.get(plain) ?? sites.get(plain.replace(/^[^.]+/, "*")) ?? fallback;
  };
}
