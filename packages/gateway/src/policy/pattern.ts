/** One value of a rule: exact text, a glob, or a regular expression. */
import { RE2JS } from "re2js";
import { literalParts, type ComparedText, type TextKind } from "./comparison.ts";

/** Text with `*` is a glob: each stands for any run of characters, also an empty one. */
export type PatternConfig = string | { readonly regex: string };

export type Pattern = (text: ComparedText) => boolean;

/**
 * Every pattern answers in time that grows with the length of the text alone: a certificate is written by others.
 * @throws RE2JSSyntaxException for a regular expression that RE2 does not know
 */
export function compilePattern(pattern: PatternConfig, kind: TextKind, effect: "allow" | "deny"): Pattern {
  if (typeof pattern !== "string") {
    const regex = RE2JS.compile(pattern.regex);
    // The whole text, and as it is written: what an expression leaves out of account is its author's business.
    return ({ written }) => regex.testExact(written);
  }
  const parts = literalParts(kind, effect, pattern);
  // Without a comparison it is the same as itself and nothing else.
  if (parts === undefined) return ({ written }) => written === pattern;
  const [exact] = parts;
  return (text) => {
    const compared = effect === "allow" ? text.strict : text.loose;
    if (compared === undefined) return false;
    return parts.length === 1 ? compared === exact : matchesGlob(parts, compared);
  };
}

/**
 * Whether a text is the parts in this order, with anything between them: each is taken where it comes first, and the
 * last at the end, so that nothing is ever tried twice.
 * @param parts two or more
 */
export function matchesGlob(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}
