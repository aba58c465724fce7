/** `GET /logout` asks, `POST /logout` does it. A link must not be able to: a picture on another site's page is a link. */
import type { Request, Response } from "express";
import { renew, signOut } from "../auth/sessions.ts";
import { flash } from "../views/flash.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";

/** What can be ended is a session. With a certificate there is nothing to log out of, and the page says so. */
export async function showLogout(request: Request, response: Response): Promise<void> {
  if (request.user) response.send(renderPage(request, "/accounts/logout", {}));
  else await redirect(request, response, "/");
}

export async function logout(request: Request, response: Response): Promise<void> {
  const { user } = request;
  if (user?.by === "certificate") {
    await renew(request);
    await redirect(request, response, "/logout");
    return;
  }
  if (user) {
    await signOut(request);
    flash(request, `Goodbye ${user.name}!`);
  }
  await redirect(request, response, "/");
}
