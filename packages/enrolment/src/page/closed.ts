/** What a link says that opens nothing, or nothing any more. */
import type { Invitation, Standing } from "../invitations/invitation.ts";
import { longTime } from "./date.ts";

export type Closed = {
  readonly status: number;
  readonly headline: string;
  readonly detail: string;
};

/** Nobody's link. */
export const unknownLink: Closed = {
  status: 404,
  headline: "This link is not known here.",
  detail:
    "A part of it may have been lost on its way. Open it again from the message it came in, or ask for a new one.",
};

/** @param standing anything but open */
export function closed(invitation: Invitation, standing: Exclude<Standing, "open">): Closed {
  const { endsAt, claimedAt = endsAt, withdrawnAt = endsAt } = invitation;
  const askAgain = "Ask for a new one.";
  switch (standing) {
    case "used":
      return {
        status: 410,
        headline: "This link has been used.",
        detail: `Its certificate was made on ${longTime(claimedAt)}. If that was not you, say so at once: the certificate must be revoked. If the file is lost, ask for a new link.`,
      };
    case "begun":
      return {
        status: 409,
        headline: "The certificate is being made right now.",
        detail: "Somebody has pressed the button in these two minutes. If that was not you, say so at once.",
      };
    case "interrupted":
      return {
        status: 410,
        headline: "Something went wrong when this link was used.",
        detail: `A certificate was begun on ${longTime(claimedAt)}, and nobody knows whether it arrived. ${askAgain}`,
      };
    case "withdrawn":
      return {
        status: 410,
        headline: "This link has been withdrawn.",
        detail: `That was on ${longTime(withdrawnAt)}. ${askAgain}`,
      };
    case "ended":
      return {
        status: 410,
        headline: "This link has ended.",
        detail: `It was good until ${longTime(endsAt)}. ${askAgain}`,
      };
  }
}
