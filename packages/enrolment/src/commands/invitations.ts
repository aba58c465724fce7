/** `invitations`: each of them, and what has become of it. */
import type { Config } from "../config.ts";
import { standingOf, type Invitation } from "../invitations/invitation.ts";
import { nameOf } from "../name-of.ts";
import { longTime } from "../page/date.ts";
import { openRecords } from "../records.ts";

export function listInvitations(config: Config): readonly string[] {
  const { invitations } = openRecords(config.records);
  const all = invitations.all();
  invitations.close();
  if (all.length === 0)
    return ['Nobody is invited. To invite somebody: npm run enrolment -- invite "Grace Hopper"'];
  return all.map((invitation) => `${invitation.number}  ${becameOf(invitation)}  ${nameOf(invitation)}`);
}

function becameOf(invitation: Invitation): string {
  const { endsAt, claimedAt = endsAt, withdrawnAt = endsAt, serialNumber = "" } = invitation;
  switch (standingOf(invitation, new Date())) {
    case "open":
      return `open until ${longTime(endsAt)}`;
    case "used":
      return `used on ${longTime(claimedAt)}, serial ${serialNumber}`;
    case "begun":
      return "a certificate is being made";
    case "interrupted":
      return `interrupted on ${longTime(claimedAt)}: invite again`;
    case "withdrawn":
      return `withdrawn on ${longTime(withdrawnAt)}`;
    case "ended":
      return `ended on ${longTime(endsAt)}`;
  }
}
