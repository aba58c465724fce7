/** `withdraw`: takes an invitation back that nobody has used. */
import { userInfo } from "node:os";
import type { Config } from "../config.ts";
import { standingOf } from "../invitations/invitation.ts";
import { nameOf } from "../name-of.ts";
import { openRecords } from "../records.ts";
import { StartError } from "../start-error.ts";

export function withdraw(config: Config, given: string): readonly string[] {
  const { invitations, audit } = openRecords(config.records);
  try {
    const number = given.toUpperCase();
    const invitation = invitations.all().find((candidate) => candidate.number === number);
    if (!invitation)
      throw new StartError(`There is no invitation ${given}. Those there are: npm run enrolment -- invitations`);
    const { serialNumber } = invitation;
    if (serialNumber !== undefined)
      throw new StartError(`${number} has been used. Its certificate can be revoked: npm run certs -- revoke ${serialNumber}`);
    if (!invitations.withdraw(number, new Date()))
      throw new StartError(`${number} is ${standingOf(invitation, new Date())} already.`);
    audit({ act: "withdraw", outcome: "done", by: userInfo().username, invitation: number, for: nameOf(invitation) });
    return [`Withdrew ${number}, for ${nameOf(invitation)}: its link and its token open nothing any more.`];
  } finally {
    invitations.close();
  }
} // prettier-ignore
