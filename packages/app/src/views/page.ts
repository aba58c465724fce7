/** HTML from the Eta templates of this package. */
import { join } from "node:path";
import { Eta } from "eta";
import type { Request } from "express";
import { forwardedPrefix } from "../auth/forwarded-prefix.ts";
import { stylesheet } from "./stylesheet.ts";
import { visibleName } from "./visible-name.ts";

const eta = new Eta({ views: join(import.meta.dirname, ".."), autoEscape: true, cache: true });

/**
 * @param template its path below the source folder without `.eta`: `/greeting/greeting`
 * @param data what the template reads as `it`, beside `href` (a path of this app -> the path the browser must ask for),
 *   `stylesheet` and `visible`
 */
export function renderPage(request: Request, template: string, data: object): string {
  const prefix = forwardedPrefix(request);
  return eta.render(template, {
    ...data,
    href: (path: string) => prefix + path,
    stylesheet: stylesheet.path,
    visible: visibleName,
  });
}
