/** `GET /account`: who somebody is here, by what, and where else they are signed in. */
import type { Request, Response } from "express";
import { hashOfId } from "../auth/session-store.ts";
import type { SessionRecords, Store } from "../store/index.ts";
import { renderPage } from "../views/page.ts";
import { browserName } from "./browser-name.ts";
import { hashOf, provableBy } from "./people.ts";
import { personOf } from "./signed-in-person.ts";

export type AccountOptions = { readonly store: Store; readonly sessionRecords: SessionRecords };

export function showAccount({ store, sessionRecords }: AccountOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const { id, by } = personOf(request);
    const [identities, hash, records] = [
      await provableBy(store, id),
      await hashOf(store, id),
      await sessionRecords.ofUser(id),
    ];
    const own = hashOfId(request.sessionID);
    const sessions = records.map((record) => ({
      id: record.idHash,
      began: record.created,
      seen: record.seen,
      browser: browserName(record.userAgent),
      address: record.address,
      isThisOne: record.idHash === own,
    }));
    sessions.sort((one, other) => Number(other.isThisOne) - Number(one.isThisOne));
    const facts = { by, identities, hasPassword: hash !== undefined, sessions, minute };
    response.send(renderPage(request, "/accounts/account", facts));
  };
}

const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

function minute(milliseconds: number): string {
  return `${format.format(milliseconds)} UTC`;
}
