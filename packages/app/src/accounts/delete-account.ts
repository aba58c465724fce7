/** `GET` and `POST /account/delete`. */
import type { Request, Response } from "express";
import { succeeded } from "../auth/limits.ts";
import type { Passwords } from "../auth/password/passwords.ts";
import { signOut } from "../auth/sessions.ts";
import type { SessionRecords, Store } from "../store/index.ts";
import { flash } from "../views/flash.ts";
import { renderPage } from "../views/page.ts";
import { redirect } from "../views/redirect.ts";
import { fieldOf, required, type FieldErrors } from "../views/form.ts";
import { hashOf, possessions, removePerson } from "./people.ts";
import { personOf } from "./signed-in-person.ts";

export type DeleteAccountOptions = {
  readonly store: Store;
  readonly sessionRecords: SessionRecords;
  readonly passwords: Passwords;
};

export function showDelete({ store }: Pick<DeleteAccountOptions, "store">) {
  return async (request: Request, response: Response): Promise<void> => {
    await show(request, response, store, {});
  };
}

/**
 * Everything goes at once, and nothing is kept. Whoever signed in by password says it once more, so that a browser that
 * somebody left open is not enough; a certificate has just been proved.
 */
export function deleteAccount({ store, sessionRecords, passwords }: DeleteAccountOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const { id, name, by } = personOf(request);
    const hash = by === "certificate" ? undefined : await hashOf(store, id);
    if (hash !== undefined) {
      const current = fieldOf(request, "current");
      const isRight = current !== "" && (await passwords.verify(current, hash)).ok;
      if (!isRight) {
        await show(request, response, store, { current: current === "" ? required : "This is not your password." }); // prettier-ignore
        return;
      }
    }
    succeeded(request);
    await removePerson(store, id);
    await sessionRecords.removeAllOf(id);
    await signOut(request);
    if (by === "certificate") {
      // Not a redirect: the next request with this certificate makes a new account, and that is to be read first.
      response.send(renderPage(request, "/accounts/deleted", { name }));
      return;
    }
    flash(request, `Your account is deleted. Goodbye ${name}!`);
    await redirect(request, response, "/");
  };
}

async function show(request: Request, response: Response, store: Store, errors: FieldErrors): Promise<void> {
  const { id, by } = personOf(request);
  const asksPassword = by !== "certificate" && (await hashOf(store, id)) !== undefined;
  const owned = await possessions(store, id);
  response.send(renderPage(request, "/accounts/delete", { ...owned, asksPassword, errors }));
}
