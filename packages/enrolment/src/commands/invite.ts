/** `invite`: a right to one certificate, as a link for a person and a token for a script. */
import { userInfo } from "node:os";
import type { Config } from "../config.ts";
import type { Invitee } from "../invitations/invitation.ts";
import { nameOf } from "../name-of.ts";
import { longTime } from "../page/date.ts";
import { openRecords } from "../records.ts";
import { checkInvitee } from "../invitations/check-invitee.ts";

export type InviteOptions = {
  readonly name?: string;
  readonly email?: string;
  readonly upn?: string;
  readonly group?: readonly string[];
  /** Milliseconds. */
  readonly valid: number;
  readonly allowAmbiguous?: boolean;
};

export function invite(
  config: Config,
  commonName: string,
  { valid, group = [], allowAmbiguous = false, name = nameFrom(commonName), ...rest }: InviteOptions,
): readonly string[] {
  const invitee: Invitee = { ...rest, commonName, name, organizationalUnits: group, allowAmbiguous };
  checkInvitee(invitee);
  const { invitations, audit } = openRecords(config.records);
  const made = invitations.invite(invitee, new Date(Date.now() + valid));
  invitations.close();
  audit({
    act: "invite",
    outcome: "done",
    by: userInfo().username,
    invitation: made.number,
    for: nameOf(made),
  });
  const { origin } = new URL(config.address);
  return [
    `Invitation ${made.number} for ${nameOf(made)}, until ${longTime(made.endsAt)}.`,
    "",
    "For a person, to be opened on the device and in the browser that they will use:",
    "",
    `  ${config.address}?token=${made.token}`,
    "",
    "For a script (EST), which keeps its own key:",
    "",
    `  openssl req -new -newkey rsa:2048 -nodes -subj / -keyout ${name}.key -outform DER |`,
    "    openssl base64 |",
    `    curl --cacert root.pem --user :${made.token} -H "Content-Type: application/pkcs10" \\`,
    `      --data-binary @- ${origin}/.well-known/est/simpleenroll |`,
    "    openssl base64 -d |",
    `    openssl pkcs7 -inform DER -print_certs -out ${name}.crt`,
    "",
    `Both hold the same right, to one certificate. To take it back: npm run enrolment -- withdraw ${made.number}`,
  ];
}

/** `grace-hopper` */
function nameFrom(commonName: string): string {
  return commonName
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
