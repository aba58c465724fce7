/** HTML from the Eta templates of this package. */
import { join } from "node:path";
import { Eta } from "eta";
import type { Request } from "express";
import { forwardedPrefix } from "../auth/forwarded-prefix.ts";
import { takeFlashes } from "./flash.ts";
import { stylesheet } from "./stylesheet.ts";
import { visibleName } from "./visible-name.ts";

const eta = new Eta({ views: join(import.meta.dirname, ".."), autoEscape: true, cache: true });

/**
 * @param template its path below the source folder without `.eta`: `/journal/journal`
 * @param data what the template reads as `it`, beside `user` (who is signed in), `flashes` (to be shown once, so render a
 *   page only to send it), `href` (a path of this app -> the path the browser must ask for), `path` (of the page itself),
 *   `csrfToken` (call it in a form; it begins a session), `stylesheet` and `visible`
 */
export function renderPage(request: Request, template: string, data: object): string {
  const prefix = forwardedPrefix(request);
  return eta.render(template, {
    user: request.user,
    flashes: takeFlashes(request),
    csrfToken: () => csrfTokenOf(request),
    path: request.path,
    ...data,
    href: (path: string) => prefix + path,
    stylesheet: stylesheet.path,
    visible: visibleName,
  });
}

/** csrf-sync puts this function on the request. */
function csrfTokenOf(request: Request & { readonly csrfToken?: () => string }): string {
  return request.csrfToken?.() ?? "";
}
