/** `GET` and `POST /register`: an account with a username and a password. */
import type { Request, Response } from "express";
import type { Passwords } from "../auth/password/passwords.ts";
import { passwordProblem } from "../auth/password/password-rules.ts";
import { Taken, type Store } from "../store/index.ts";
import { flash } from "../views/flash.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";
import { fieldErrors, fieldOf, hasErrors, required, type FieldErrors } from "../views/form.ts";
import { addPerson, isNameTaken } from "./people.ts";
import { preparedUsername, usernameProblem } from "./username.ts";

const taken = "Please use a different username.";

export function showRegister(request: Request, response: Response): void {
  show(request, response, { values: {}, errors: {} });
}

export function register({ store, passwords }: { readonly store: Store; readonly passwords: Passwords }) {
  return async (request: Request, response: Response): Promise<void> => {
    const username = preparedUsername(fieldOf(request, "username"));
    const password = fieldOf(request, "password");
    const again = fieldOf(request, "password2");
    const answer = (errors: FieldErrors): void => { show(request, response, { values: { username }, errors }); }; // prettier-ignore

    const errors = fieldErrors(
      ["username", username === "" ? required : usernameProblem(username)],
      ["password", password === "" ? required : await passwordProblem(password, [username])],
      ["password2", again === "" ? required : undefined],
      ["password2", again === password ? undefined : "Field must be equal to password."],
    );
    if (hasErrors(errors)) { answer(errors); return; } // prettier-ignore
    if (await isNameTaken(store, username)) { answer({ username: taken }); return; } // prettier-ignore
    try {
      await addPerson(store, username, await passwords.hash(password));
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      answer({ username: taken }); // somebody was quicker
      return;
    }
    flash(request, "Congratulations, you are now a registered user!");
    await redirect(request, response, "/login");
  };
}

function show(request: Request, response: Response, form: { values: object; errors: FieldErrors }): void {
  response.send(renderPage(request, "/accounts/register", form));
}
