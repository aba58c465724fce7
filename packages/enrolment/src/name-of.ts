import type { Invitee } from "./invitations/invitation.ts";

/** Somebody invited, for people and the audit trail: `Grace Hopper <grace@flask.local>`. */
export function nameOf({ commonName, email }: Pick<Invitee, "commonName" | "email">): string {
  return email === undefined ? commonName : `${commonName} <${email}>`;
}
