/** Path and Domain of Set-Cookie (RFC 6265 section 5.2): for this application under its prefix, and for nobody else. */
import type { Place } from "./mapping.ts";
import { mapReference } from "./reference.ts";
import { applyEdits } from "./text/edit.ts";

/**
 * A path above the base path means the whole application, not the whole site. The upstream's own name as Domain is
 * dropped: no browser that came here would keep such a cookie, and without it the cookie is this host's.
 * A `__Host-` cookie must keep `Path=/`, or the browser throws it away (RFC 6265bis section 4.1.3.2).
 */
export function rewriteCookie(value: string, place: Place): string {
  const isHosts = /^\s*__Host-/i.test(value);
  return value.replace(
    /(;[\t ]*path[\t ]*=[\t ]*)(\/[^;]*)|;[\t ]*domain[\t ]*=[\t ]*\.?([^;]*)/gi,
    (whole, attribute: string | undefined, path: string | undefined, domain: string | undefined) => {
      if (domain !== undefined) return isUpstreams(domain, place) ? "" : whole;
      return isHosts ? whole : (attribute ?? "") + cookiePath(path ?? "", place);
    },
  );
}

/** A cookie's path is compared as it stands: two slashes at its beginning are no authority. */
function cookiePath(path: string, place: Place): string {
  const { prefix, basePath } = place.mapping;
  const folder = path.endsWith("/") ? path : `${path}/`;
  if (basePath !== "/" && basePath.startsWith(folder) && path !== basePath.slice(0, -1)) return prefix;
  return path.startsWith("//") ? path : applyEdits(path, mapReference(path, place));
}

function isUpstreams(domain: string, { mapping, host }: Place): boolean {
  const name = domain.trim().toLowerCase();
  return mapping.authorities.some((each) => name === hostname(each)) && name !== hostname(host);
}

function hostname(authority: string): string {
  return authority.replace(/:\d*$/, "").toLowerCase();
}
