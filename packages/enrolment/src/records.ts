/** The two files that the service and its commands share: invitations, and what was done. */
import { join } from "node:path";
import { openAudit, type Act, type Audit } from "./audit.ts";
import { openInvitations, type InvitationStore } from "./invitations/invitation-store.ts";

export type Records = { readonly invitations: InvitationStore; readonly audit: Audit };

/** @throws StartError when one of them cannot be opened */
export function openRecords(folder: string, also?: (act: Act) => void): Records {
  return {
    invitations: openInvitations(join(folder, "invitations.sqlite")),
    audit: openAudit(join(folder, "audit.jsonl"), also),
  };
}
