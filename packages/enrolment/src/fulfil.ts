/** From an invitation to its one certificate: the right is taken first, given back when nothing comes of it, and used up with the serial number. */
import { personSubject, type Names, type OpenAuthority, type Recorded } from "@sallyport/certs";
import type { Audit } from "./audit.ts";
import type { Invitation, Invitee, UsedBy } from "./invitations/invitation.ts";
import type { InvitationStore } from "./invitations/invitation-store.ts";
import { nameOf } from "./name-of.ts";

/** What the service works with. */
export type Desk = {
  readonly authority: () => OpenAuthority;
  readonly invitations: InvitationStore;
  readonly audit: Audit;
  /** How long a certificate is valid; the authority's own end comes first. */
  readonly days: number;
  /** Whom people may ask, in the operator's words. */
  readonly contact: string | undefined;
};

/** Somebody else was quicker, or the invitation ended between the question and the claim. */
export class NoLongerOpen extends Error {
  override readonly name = "NoLongerOpen";
}

/**
 * @param make issues the certificate; what it throws gives the right back, because then nothing was issued
 * @throws NoLongerOpen
 */
export async function fulfil<Made extends Recorded>(
  { invitations, audit }: Pick<Desk, "invitations" | "audit">,
  invitation: Invitation,
  { act, address }: { readonly act: UsedBy; readonly address: string | undefined },
  make: () => Promise<Made>,
): Promise<Made> {
  const about = { act, address, invitation: invitation.number, for: nameOf(invitation) };
  if (!invitations.claim(invitation.number, new Date())) {
    audit({ ...about, outcome: "refused", reason: "not open any more" });
    throw new NoLongerOpen();
  }
  let made: Made;
  try {
    made = await make();
  } catch (error) {
    invitations.release(invitation.number);
    audit({ ...about, outcome: "failed", reason: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  const { serialNumber, notAfter } = made;
  invitations.settle(invitation.number, { serialNumber, usedBy: act });
  audit({ ...about, outcome: "done", serialNumber, notAfter });
  return made;
}

/** The names that the certificate of somebody invited will have, whatever else is asked for. */
export function namesOf(
  authority: Pick<OpenAuthority, "signer">,
  { email, upn, ...invitee }: Invitee,
): Names {
  return {
    subject: personSubject(authority, invitee),
    alternativeNames: [
      ...(email === undefined ? [] : [{ type: "email", value: email } as const]),
      ...(upn === undefined ? [] : [{ type: "upn", value: upn } as const]),
    ],
  };
}
