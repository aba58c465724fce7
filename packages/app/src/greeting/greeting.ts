/** `GET /` for programs: who you are, as this app was told, in one line. For a browser, the journal's page says it. */
import type { RequestHandler } from "express";
import { visibleName } from "../views/visible-name.ts";

export const greeting: RequestHandler = (request, response, next) => {
  const { user } = request;
  response.vary("Accept");
  // text/plain first: what `Accept: */*` is given
  if (request.accepts(["text/plain", "text/html"]) === "text/html") {
    next();
    return;
  }
  // Only the named greeting ends its line: scripts compare these bytes.
  response.type("text/plain").send(user ? `Hello ${visibleName(user.name)}!\n` : "Hello Unauthorized!");
};
