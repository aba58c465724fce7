import type { Request } from "express";
import type { SignedIn } from "../auth/signed-in.ts";

/** Who asks, on a route that nobody else reaches. */
export function personOf(request: Request): SignedIn {
  if (!request.user)
    throw new Error("a route for people who are signed in was reached by somebody who is not");
  return request.user;
}
