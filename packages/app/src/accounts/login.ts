/** `GET` and `POST /login`: a session for whoever knows a username and its password. */
import type { Request, Response } from "express";
import { succeeded } from "../auth/limits.ts";
import { nextPath } from "../auth/next-path.ts";
import { LineFullError } from "../auth/password/turnstile.ts";
import type { Passwords } from "../auth/password/passwords.ts";
import { signIn, signOut } from "../auth/sessions.ts";
import { foldKey, StoreUnavailable, type Store } from "../store/index.ts";
import { flash } from "../views/flash.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";
import { fieldErrors, fieldOf, hasErrors, required, type FieldErrors } from "../views/form.ts";
import { findByLogin, keepAnew, passwordSince } from "./people.ts";

export type LoginOptions = { readonly store: Store; readonly passwords: Passwords };

/** The account that a request tries to sign in to, folded: what its tries are counted by. */
export function loginIn(request: Request): string {
  return foldKey(fieldOf(request, "username"));
}

export function showLogin(request: Request, response: Response): void {
  show(request, response, { values: {}, errors: {} });
}

export function login({ store, passwords }: LoginOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const username = fieldOf(request, "username");
    const password = fieldOf(request, "password");
    const errors = fieldErrors(
      ["username", username.trim() === "" ? required : undefined],
      ["password", password === "" ? required : undefined],
    );
    if (hasErrors(errors)) {
      succeeded(request); // nothing was guessed
      show(request, response, { values: { username }, errors });
      return;
    }
    const person = await findByLogin(store, loginIn(request));
    const { ok, rehash } = person ? await passwords.verify(password, person.hash) : await passwords.dummy(password);
    if (!person || !ok) {
      await sayNo(request, response);
      return;
    }
    if (rehash) await keepInTodaysWay(store, passwords, person, password);
    await signIn(request, person);
    // A change of the password ends all sessions. One that began only after that, by the old password, ends here.
    if ((await passwordSince(store, person.id)) !== person.changed) {
      await signOut(request);
      await sayNo(request, response);
      return;
    }
    succeeded(request);
    flash(request, `Welcome back ${person.name}!`);
    await redirect(request, response, nextPath(request.query["next"]) ?? "/");
  };
} // prettier-ignore

/** The same for everybody: who exists is nobody's business. */
async function sayNo(request: Request, response: Response): Promise<void> {
  flash(request, "Invalid username or password");
  await redirect(request, response, addressOf(request));
}

/** An old hash is replaced at the first chance. When it cannot be done now, the next sign-in is another one. */
async function keepInTodaysWay(
  store: Store,
  passwords: Passwords,
  { id, hash }: { readonly id: number; readonly hash: string },
  password: string,
): Promise<void> {
  try {
    await keepAnew(store, id, hash, await passwords.hash(password));
  } catch (error) {
    if (!(error instanceof LineFullError || error instanceof StoreUnavailable)) throw error;
  }
}

function show(request: Request, response: Response, form: { values: object; errors: FieldErrors }): void {
  response.send(renderPage(request, "/accounts/login", { ...form, action: addressOf(request) }));
}

/** The form's own address, which keeps where to go on. */
function addressOf(request: Request): string {
  const next = nextPath(request.query["next"]);
  return next === undefined ? "/login" : `/login?next=${encodeURIComponent(next)}`;
}
