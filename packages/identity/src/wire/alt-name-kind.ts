/** What an alternative name is, told from its text alone: for lists that mix the kinds and do not say which is which. */
import type { SubjectAltNames } from "../subject-alt-names.ts";

const kinds: readonly (readonly [kind: keyof SubjectAltNames, pattern: RegExp])[] = [
  ["ipAddresses", /^(?:\d+(?:\.\d+){3}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){7})$/],
  ["dnsNames", /^[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/],
  ["emails", /^[^\s",:;\\%@/]+@[A-Za-z0-9.-]+$/],
  ["uris", /^[A-Za-z][A-Za-z0-9+.-]*:[^\s",;\\%@]+$/],
];

/** @returns `undefined` for a text that is of no kind, or that could end the value it stands in */
export function altNameKind(name: string): keyof SubjectAltNames | undefined {
  if (/[^\x21-\x7e]/.test(name)) return undefined;
  return kinds.find(([, pattern]) => pattern.test(name))?.[0];
}
