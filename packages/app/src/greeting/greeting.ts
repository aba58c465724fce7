/** `GET /`: who you are, as this app was told. */
import type { Request, Response } from "express";
import { renderPage } from "../views/page.ts";
import { visibleName } from "../views/visible-name.ts";

export function greeting(request: Request, response: Response): void {
  const { user } = request;
  const text = (): void => {
    // Only the named greeting ends its line: scripts compare these bytes.
    response.type("text/plain").send(user ? `Hello ${visibleName(user.name)}!\n` : "Hello Unauthorized!");
  };
  response.format({
    "text/plain": text, // first: what `Accept: */*` is given
    "text/html": () => response.send(renderPage(request, "/greeting/greeting", { user })),
    default: text,
  });
}
