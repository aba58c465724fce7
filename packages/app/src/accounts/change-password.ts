/** `GET` and `POST /account/password`. */
import type { Request, Response } from "express";
import { succeeded } from "../auth/limits.ts";
import type { Passwords } from "../auth/password/passwords.ts";
import { passwordProblem } from "../auth/password/password-rules.ts";
import { hashOfId } from "../auth/session-store.ts";
import { signIn } from "../auth/sessions.ts";
import type { SessionRecords, Store } from "../store/index.ts";
import { flash } from "../views/flash.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";
import { fieldErrors, fieldOf, hasErrors, required, type FieldErrors } from "../views/form.ts";
import { changePassword, hashOf } from "./people.ts";
import { personOf } from "./signed-in-person.ts";

export type ChangePasswordOptions = {
  readonly store: Store;
  readonly sessionRecords: SessionRecords;
  readonly passwords: Passwords;
};

export function showPassword({ store }: Pick<ChangePasswordOptions, "store">) {
  return async (request: Request, response: Response): Promise<void> => {
    if ((await hashOf(store, personOf(request).id)) === undefined) await redirect(request, response, "/account");
    else show(request, response, {});
  };
} // prettier-ignore

/**
 * The new password, and with it the end of all that the old one has opened: other sessions, and refresh tokens. This
 * browser goes on, with a session of a new id.
 */
export function replacePassword({ store, sessionRecords, passwords }: ChangePasswordOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const person = personOf(request);
    const kept = await hashOf(store, person.id);
    if (kept === undefined) {
      await redirect(request, response, "/account");
      return;
    }
    const [current, password, again] = ["current", "password", "password2"].map((name) => fieldOf(request, name)) as [string, string, string]; // prettier-ignore
    const errors = fieldErrors(
      ["current", current === "" ? required : undefined],
      ["password", password === "" ? required : await passwordProblem(password, [person.name])],
      ["password2", again === "" ? required : undefined],
      ["password2", again === password ? undefined : "Field must be equal to password."],
    );
    if (hasErrors(errors)) {
      succeeded(request); // nothing was guessed
      show(request, response, errors);
      return;
    }
    if (!(await passwords.verify(current, kept)).ok) {
      show(request, response, { current: "This is not your password." });
      return;
    }
    succeeded(request);
    if (!(await changePassword(store, person.id, kept, await passwords.hash(password)))) {
      show(request, response, { current: "Your password was changed elsewhere just now. Try again." });
      return;
    }
    if (person.by === "password") await signIn(request, person);
    await sessionRecords.removeAllOf(person.id, hashOfId(request.sessionID));
    flash(request, "Your password is changed. All other sessions have ended.");
    await redirect(request, response, "/account");
  };
}

function show(request: Request, response: Response, errors: FieldErrors): void {
  response.send(renderPage(request, "/accounts/password", { errors }));
}
