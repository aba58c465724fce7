/** Request targets (RFC 9112 section 3.2): which ones can be passed on so that everybody behind reads the same address. */
import { Refusal } from "../refuse/refusal.ts";

export type Target = {
  /** The path as it was sent, still percent-encoded, beginning with `/`. */
  readonly path: string;
  /** `?` and what follows, or empty. */
  readonly query: string;
};

/** Longer than any address a person or program means; a longer one is refused before it is looked at. */
const longestTarget = 8192;

/**
 * Accepts origin-form, and absolute-form when it names the request's own Host: it is then reduced to origin-form, never
 * followed. Nothing is decoded, merged or resolved for the upstream. What another server might resolve is refused:
 * dot segments in any encoding (also with `;parameters`, also behind an encoded slash), backslashes, NUL, fragments.
 * @throws Refusal `target-invalid`
 */
export function parseTarget(target: string, host: string): Target {
  if (target.length > longestTarget) throw invalid("it is longer than 8192 characters");
  const origin = target.startsWith("/") ? target : reduceAbsoluteForm(target, host);
  if (/[^\x21-\x7e]|[\\#]/.test(origin))
    throw invalid("it holds a control, a space, a backslash, a fragment or a non-ASCII character");
  const at = origin.indexOf("?");
  const path = at < 0 ? origin : origin.slice(0, at);
  // Only a path with a `%` or a `.` can hold a dot segment or a hidden separator: most have neither.
  if (/[%.]/.test(path)) checkSegments(path);
  return { path, query: at < 0 ? "" : origin.slice(at) };
}

function reduceAbsoluteForm(target: string, host: string): string {
  const [start = "", authority] = /^https?:\/\/([^/?#]*)/i.exec(target) ?? [];
  if (authority === undefined) throw invalid("it is neither a path nor an http URL");
  if (authority.toLowerCase() !== host.toLowerCase())
    throw invalid("its authority is not the request's Host");
  const rest = target.slice(start.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function checkSegments(path: string): void {
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) throw invalid("it holds a % that encodes nothing");
  const decoded = path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  if (decoded.includes("\0")) throw invalid("it holds an encoded NUL");
  const isDotSegment = (segment: string) => /^\.{1,2}(?:;|$)/.test(segment);
  if (decoded.split(/[/\\]/).some(isDotSegment)) throw invalid("it holds a dot segment");
}

function invalid(reason: string): Refusal {
  return new Refusal("target-invalid", reason);
}
