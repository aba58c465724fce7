import type { Request } from "express";

/** A field of a form as it was sent: `""` when it is missing, or there more than once. */
export function fieldOf(request: Request, name: string): string {
  const body: unknown = request.body;
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return "";
  const value: unknown = Reflect.get(body, name);
  return typeof value === "string" ? value : "";
}

/** What is wrong with which field: its name to a sentence. */
export type FieldErrors = Readonly<Record<string, string>>;

export const required = "This field is required.";

/** The first problem of each field. @param problems a field's name and what is wrong with it, or `undefined` */
export function fieldErrors(...problems: (readonly [field: string, problem: string | undefined])[]): FieldErrors {
  const errors: Record<string, string> = {};
  for (const [field, problem] of problems) if (problem !== undefined) errors[field] ??= problem;
  return errors;
} // prettier-ignore

export function hasErrors(errors: FieldErrors): boolean {
  return Object.keys(errors).length > 0;
}
