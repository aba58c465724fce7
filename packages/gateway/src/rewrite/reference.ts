/** A reference of the upstream's page or head -> one that leads to the same resource under the prefix. */
import type { Place } from "./mapping.ts";
import type { Edit } from "./text/edit.ts";
import { editsWritten, plainView, viewThrough, type View } from "./text/view.ts";

const invisible = /[\t\n\r]/;
const invisibles = /[\t\n\r]+/g;
const queryOrFragment = /[?#]/;
/** The slashes may be as many as they like, and backslashes too: that is how browsers read them. */
const withAuthority = /^(https?:)?[/\\]{2,}([^/\\?#]*)/i;
const defaultPorts = new Map([["http:", ":80"], ["https:", ":443"]]); // prettier-ignore

/** Whether the page's own base is this site; if it is another, a path alone is that one's. */
export type Base = "here" | "elsewhere";

/**
 * Only a path, or a URL of the upstream itself or of this site, is ours to map; another host's is left alone, and so is
 * a path that is under the prefix already (the application knows where it is mounted) or outside of the base path.
 * @returns what to change, never anything that makes it another host's
 */
export function mapReference(value: string, place: Place, base: Base = "here"): readonly Edit[] {
  if (!couldBeOurs(value)) return [];
  const { view, offset } = visible(value);
  const edit = mapVisible(view.text, place, base);
  return edit ? editsWritten([edit], view, offset) : [];
}

/** Whether the page's base URL, written so, is another site. */
export function leadsElsewhere(value: string, { mapping, host }: Place): boolean {
  const { text } = visible(value).view;
  const [, scheme = "", authority] = withAuthority.exec(text) ?? [];
  if (authority === undefined) return /^(?!data:|javascript:)[a-z][a-z0-9+.-]*:/i.test(text);
  return ![host, ...mapping.authorities].some((ours) => names(authority, scheme, ours));
}

/** Nearly every value is relative, a fragment or no reference at all: one look at its beginning tells. */
function couldBeOurs(value: string): boolean {
  const first = value.charCodeAt(0);
  return first === 0x2f || first === 0x5c || first === 0x68 || first === 0x48 || first <= 0x20;
}

/** Browsers do not see tabs and line ends in a URL, nor controls and spaces around it (WHATWG URL, section 4.4). */
function visible(value: string): { readonly view: View; readonly offset: number } {
  let offset = 0;
  let end = value.length;
  while (offset < end && value.charCodeAt(offset) <= 0x20) offset += 1;
  while (end > offset && value.charCodeAt(end - 1) <= 0x20) end -= 1;
  const text = value.slice(offset, end);
  return { view: invisible.test(text) ? viewThrough(text, invisibles, () => "") : plainView(text), offset };
}

function mapVisible(text: string, { mapping, host }: Place, base: Base): Edit | undefined {
  const isRooted = isSlash(text.charCodeAt(0));
  if (isRooted && !isSlash(text.charCodeAt(1))) {
    const isOurs = base === "here" && mapping.prefix !== mapping.basePath;
    return isOurs ? mapPath(text, 0, 0, "", mapping) : undefined;
  }
  const [start = "", scheme = "", authority] = withAuthority.exec(text) ?? [];
  if (authority === undefined) return undefined;
  const path = start.length;
  if (names(authority, scheme, host)) return mapPath(text, path, path, `//${authority}`, mapping);
  if (!mapping.authorities.some((ours) => names(authority, scheme, ours))) return undefined;
  if (base === "here") return mapPath(text, 0, path, "", mapping);
  const edit = mapPath(text, 0, path, `//${host}`, mapping);
  return edit && { ...edit, text: `//${host}${edit.text}` };
}

/** @param from where the change begins, the path itself beginning at `path`; what stands before the result is `authority` */
function mapPath(
  text: string,
  from: number,
  path: number,
  authority: string,
  { prefix, basePath }: Place["mapping"],
): Edit | undefined {
  const end = text.slice(path).search(queryOrFragment);
  const bare = text.slice(path, end < 0 ? undefined : path + end).replaceAll("\\", "/");
  if (prefix !== "/" && isUnder(bare, prefix)) return { from, to: path, text: "" };
  if (!isUnder(bare || "/", basePath)) return undefined;
  if (bare !== "" && bare === basePath.slice(0, -1))
    return { from, to: path + bare.length, text: prefix.slice(0, -1) || "/" };
  const to = path + Math.min(bare.length, basePath.length);
  // Without its authority, a path that begins with // would be read as another host's (RFC 3986 section 4.2).
  const risky = authority === "" && prefix === "/" && isSlash(text.charCodeAt(to));
  return { from, to, text: risky ? "/./" : prefix };
}

/** `/app` is under `/app/` too: applications write it both ways. */
function isUnder(path: string, folder: string): boolean {
  return path.startsWith(folder) || (folder !== "/" && path === folder.slice(0, -1));
}

function isSlash(code: number): boolean {
  return code === 0x2f || code === 0x5c;
}

function names(written: string, scheme: string, authority: string): boolean {
  const port = defaultPorts.get(scheme.toLowerCase() || "https:") ?? "";
  const without = (name: string) => (name.endsWith(port) ? name.slice(0, -port.length) : name);
  return without(written.toLowerCase()) === without(authority.toLowerCase());
}
