/** Somebody's right to one certificate, and what has become of it. */

/** Whom the certificate will be for. */
export type Invitee = {
  /** What the authority's `list` calls it, and `revoke` finds it by; the `.p12` too: `grace-hopper`. */
  readonly name: string;
  readonly commonName: string;
  readonly organizationalUnits: readonly string[];
  readonly email?: string | undefined;
  readonly upn?: string | undefined;
  /** Even if some backend could take the subject for another one. */
  readonly allowAmbiguous: boolean;
};

export type Invitation = Invitee & {
  /** By which people speak of it; it opens nothing. */
  readonly number: string;
  /** Of the password of its `.p12`. */
  readonly salt: string;
  readonly madeAt: Date;
  /** Exclusive. */
  readonly endsAt: Date;
  readonly withdrawnAt?: Date | undefined;
  /** When a certificate for it was begun. */
  readonly claimedAt?: Date | undefined;
  /** The certificate's serial number, once it was issued. */
  readonly serialNumber?: string | undefined;
  readonly usedBy?: UsedBy | undefined;
};

/** `collect`: a person on the page. `enrol`: a program that speaks EST. */
export type UsedBy = "collect" | "enrol";

/**
 * - `open`: waits for its holder
 * - `used`: its certificate has been issued
 * - `begun`: a certificate is being made right now
 * - `interrupted`: one was begun, and the process ended before it said how that went
 */
export type Standing = "open" | "used" | "begun" | "interrupted" | "withdrawn" | "ended";

/** Milliseconds after which nobody is still at it: longer than the authority's lock is waited for. */
const patience = 120_000;

export function standingOf(invitation: Invitation, now: Date): Standing {
  const { serialNumber, claimedAt, withdrawnAt, endsAt } = invitation;
  if (serialNumber !== undefined) return "used";
  if (claimedAt) return now.getTime() - claimedAt.getTime() < patience ? "begun" : "interrupted";
  if (withdrawnAt) return "withdrawn";
  return now < endsAt ? "open" : "ended";
}
