import { IdentityError } from "../identity-error.ts";

/** Runs, and tells the code of an IdentityError or "accepted"; any other error is let through. */
export function outcomeOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (error instanceof IdentityError) return error.code;
    throw error;
  }
}
