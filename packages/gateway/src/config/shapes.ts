/** Settings that may be written in more than one shape. */
import { z } from "zod";

/** YAML reads 1234 and 12E4 as numbers and no as a word of its own: what they were meant to be is lost by then. */
export const quotedText = z
  .string({
    error: ({ input }) =>
      typeof input === "number" || typeof input === "boolean"
        ? "must be text: put what is written there in quotes"
        : "must be text",
  })
  .min(1, "must not be empty");

/**
 * One of several shapes, told apart by a look at what is given. A union would say that nothing fits; this says what does
 * not, at its own place in the file.
 */
export function byShape<T>(shapeOf: (given: unknown) => z.ZodType<T>) {
  return z.unknown().transform((given, context): T => {
    const read = shapeOf(given).safeParse(given);
    if (read.success) return read.data;
    for (const { path, ...issue } of read.error.issues)
      context.issues.push({ ...issue, path: [...path], input: given } as (typeof context.issues)[number]);
    return z.NEVER;
  });
}

/** One, or a list of them; either way it comes to a list. */
export function listOf<T>(one: z.ZodType<T>) {
  const list = z.array(one).min(1, "must not be an empty list");
  const single = one.transform((value): T[] => [value]);
  return byShape<T[]>((given) => (Array.isArray(given) ? list : single));
}

/** A group without a key would match everybody, or nobody, and was meant to do neither. */
export function saysSomething<T extends z.ZodType<object>>(group: T, keys: string): T {
  return group.refine((given) => Object.keys(given).length > 0, `says nothing: name at least one of ${keys}`);
}

export function isGroup(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
