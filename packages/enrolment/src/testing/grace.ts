import type { Invitee } from "../invitations/invitation.ts";

/** Somebody to invite. */
export const grace: Invitee = {
  name: "grace-hopper",
  commonName: "Grace Hopper",
  organizationalUnits: ["Staff"],
  email: "grace@flask.local",
  allowAmbiguous: false,
};
