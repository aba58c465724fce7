/** `POST /account/sessions/end` and `/account/sessions/end-others`: somebody's own sessions, and nobody else's. */
import type { Request, Response } from "express";
import { hashOfId } from "../auth/session-store.ts";
import type { SessionRecords } from "../store/index.ts";
import { flash } from "../views/flash.ts";
import { redirect } from "../views/redirect.ts";
import { fieldOf } from "../views/form.ts";
import { logout } from "./logout.ts";
import { personOf } from "./signed-in-person.ts";

export function endSession(sessionRecords: SessionRecords) {
  return async (request: Request, response: Response): Promise<void> => {
    const { id, by } = personOf(request);
    const wanted = fieldOf(request, "session");
    if (wanted === hashOfId(request.sessionID) && by === "password") {
      await logout(request, response);
      return;
    }
    // Looked for among the person's own: a form can name any.
    const own = (await sessionRecords.ofUser(id)).some(({ idHash }) => idHash === wanted);
    if (own) await sessionRecords.remove(wanted);
    flash(request, own ? "The session has ended." : "That session had ended already.");
    await redirect(request, response, "/account");
  };
}

export function endOtherSessions(sessionRecords: SessionRecords) {
  return async (request: Request, response: Response): Promise<void> => {
    const count = await sessionRecords.removeAllOf(personOf(request).id, hashOfId(request.sessionID));
    flash(request, count === 1 ? "One other session has ended." : `${count} other sessions have ended.`);
    await redirect(request, response, "/account");
  };
}
