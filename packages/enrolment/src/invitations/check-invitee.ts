import { legacyAmbiguity } from "@sallyport/identity";
import { StartError } from "../start-error.ts";
import type { Invitee } from "./invitation.ts";

/**
 * Refuses, when the invitation is made, what the authority would refuse when the certificate is: whoever opens the link
 * can mend nothing.
 * @throws StartError
 */
export function checkInvitee(invitee: Invitee): void {
  const { name, commonName, organizationalUnits, email, upn, allowAmbiguous } = invitee;
  refuse(!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,63}$/u.test(name), name, "cannot be a file's name. Choose another: --name NAME"); // prettier-ignore
  for (const text of [commonName, ...organizationalUnits]) {
    refuse(Array.from(text).length > 64, text, "is longer than 64 characters");
    refuse(text.trim() !== text || text === "", text, "is empty, or begins or ends with a space");
    refuse(
      !text.isWellFormed() || /[\p{Cc}\u2028-\u202E\u2066-\u2069\uFFFD]/u.test(text),
      text,
      "holds a control character, or one that turns the direction of writing",
    );
  }
  if (email !== undefined)
    refuse(!/^[!-?A-~]{1,64}@[!-?A-~]{1,255}$/.test(email), email, "is not an e-mail address such as grace@flask.local"); // prettier-ignore
  if (upn !== undefined)
    refuse(!/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(upn), upn, "is not a user principal name such as grace@flask.local"); // prettier-ignore
  if (!allowAmbiguous)
    refuse(
      legacyAmbiguity(nameOf(invitee)) !== undefined,
      commonName,
      "could be taken for another name by backends of old. To invite all the same: --allow-ambiguous",
    );
}

function refuse(wrong: boolean, found: string, what: string): void {
  if (wrong) throw new StartError(`${JSON.stringify(found)} ${what}.`);
}

function nameOf({ commonName, organizationalUnits }: Invitee) {
  const attribute = (type: string, value: string) => [{ type, value, der: undefined }];
  return [
    ...organizationalUnits.map((unit) => attribute("2.5.4.11", unit)),
    attribute("2.5.4.3", commonName),
  ];
}
