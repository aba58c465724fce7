import type { RequestHandler } from "express";
import { flash } from "../views/flash.ts";
import { redirect } from "../views/redirect.ts";

/** Leads whoever is nobody to the login page, and from there back to where they wanted to go. */
export const requireSignIn: RequestHandler = async (request, response, next) => {
  if (request.user) {
    next();
    return;
  }
  flash(request, "Please log in to access this page.");
  // A form that was sent by nobody has no address to come back to.
  const wish = request.method === "GET" ? request.originalUrl : "/";
  await redirect(request, response, `/login?next=${encodeURIComponent(wish)}`);
};
