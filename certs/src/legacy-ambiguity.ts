import type { Subject } from "./subject.ts";

/**
 * Why a subject cannot be written as `/C=US/CN=Grace Hopper` without a reader taking it for another; `undefined` when
 * it can. `/`, `=`, `+` and `,` forge attributes for whoever splits there, a backslash and everything beyond ASCII are
 * escaped by some writers and not by others, and without exactly one CN the reader has to choose. Gateways refuse to
 * write such a subject in that form, or ought to.
 */
export function ambiguityOf(subject: Subject): string | undefined {
  if (subject.some((rdn) => !("type" in rdn) && rdn.length > 1)) return "two of its values stand in one RDN";
  for (const { type, value } of subject.flat()) {
    if (typeof value !== "string") return `its ${type} is no text`;
    const [found] = /[^\x20-\x7e]|[/=+,\\]/u.exec(value) ?? [];
    if (found !== undefined) return `its ${type} holds "${found}"`;
  }
  const commonNames = subject.flat().filter(({ type }) => type === "CN").length;
  return commonNames === 1 ? undefined : `it has ${commonNames === 0 ? "no" : commonNames} CN`;
}
