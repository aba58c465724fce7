/** A sentence for the next page that this person sees, shown once. */
import type { Request } from "express";
import { hasSession, sessionOf } from "../auth/sessions.ts";

declare module "express-session" {
  // express-session says what a session holds by this name alone.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface SessionData {
    flashes: string[];
  }
}

export function flash(request: Request, sentence: string): void {
  const kept = sessionOf(request);
  kept.flashes = [...(kept.flashes ?? []), sentence];
}

/** @returns what is to be shown now, and is not to be shown again */
export function takeFlashes(request: Request): readonly string[] {
  if (!hasSession(request)) return [];
  const kept = sessionOf(request);
  const { flashes = [] } = kept;
  delete kept.flashes;
  return flashes;
}
