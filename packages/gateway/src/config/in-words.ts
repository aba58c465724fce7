/** What zod finds wrong, in words for the person who wrote the file. A message that stands in the schema goes before these. */
import type { z } from "zod";

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of settings",
};

/** @returns `undefined` where zod's own words have to do */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { code, input } = issue;
  if (code === "invalid_type") {
    if (input === undefined) return "is missing";
    if (input === null) return "has no value: give it one, or remove it";
    const quotes = issue.expected === "string" && typeof input !== "object" ? ": put it in quotes" : "";
    return `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(input)}${quotes}`;
  }
  if (code === "invalid_value") return `must be ${issue.values.map(String).join(" or ")}`;
  if (code === "too_small") {
    if (issue.origin === "array") return "must not be an empty list";
    return issue.origin === "string" ? "must not be empty" : `must be at least ${String(issue.minimum)}`;
  }
  if (code === "too_big") {
    const most = `at most ${String(issue.maximum)}`;
    return issue.origin === "string" ? `must have ${most} characters` : `must be ${most}`;
  }
  return undefined;
}

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return "a list";
  if (typeof input === "string") return "text";
  return typeof input === "number" || typeof input === "boolean" ? String(input) : "a group of settings";
}
