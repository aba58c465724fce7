/** POST-Redirect-GET: the way on after something was done. */
import type { Request, Response } from "express";
import { forwardedPrefix } from "../auth/forwarded-prefix.ts";
import { save } from "../auth/sessions.ts";

/**
 * @param path a path of this app, such as `/entry`; the mount prefix is put before it
 * @throws StoreUnavailable when what the session holds (a flash, a sign-in) could not be kept: nothing was sent then
 */
export async function redirect(request: Request, response: Response, path: string): Promise<void> {
  await save(request);
  response.redirect(302, forwardedPrefix(request) + path);
}
