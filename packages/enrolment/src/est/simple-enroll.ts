/** A certificate for whoever holds a one-time token and a key (RFC 7030 section 4.2.1). */
import { become, signRequest } from "@sallyport/certs";
import type { RequestHandler } from "express";
import { fulfil, namesOf, NoLongerOpen, type Desk } from "../fulfil.ts";
import { standingOf } from "../invitations/invitation.ts";
import { basicPassword } from "./basic-password.ts";
import { readableRequest } from "./readable-request.ts";
import { say, sayUnauthorized, sendCertificates } from "./say.ts";

export function simpleEnroll(desk: Desk): RequestHandler {
  return async (request, response) => {
    const { address } = response.locals.visit;
    const refuse = (sentence: string, reason: string, number?: string) => {
      desk.audit({ act: "enrol", outcome: "refused", address, invitation: number, reason });
      sayUnauthorized(response, sentence);
    };
    const password = basicPassword(request.headers.authorization);
    if (password === undefined) {
      refuse("Send the one-time token as the password of HTTP Basic: curl --user :TOKEN", "no token");
      return;
    }
    const invitation = desk.invitations.find(password);
    if (!invitation) {
      refuse("This token is not known here. See whether it is whole, or ask for a new one.", "unknown token");
      return;
    }
    const { number, name, allowAmbiguous } = invitation;
    const standing = standingOf(invitation, new Date());
    if (standing !== "open") {
      refuse(`This token is ${standing}. Ask for a new one.`, `invitation ${standing}`, number);
      return;
    }
    const { csr, problem } = await readableRequest(request.body);
    if (problem !== undefined) {
      desk.audit({ act: "enrol", outcome: "refused", address, invitation: number, reason: problem });
      say(response, 400, problem);
      return;
    }
    const authority = desk.authority();
    try {
      const { certificatePem } = await fulfil(desk, invitation, { act: "enrol", address }, () =>
        signRequest(authority, csr, {
          ...{ name, allowAmbiguous, days: desk.days },
          // the token says who this is; the request's own names are nobody's word
          grant: become(namesOf(authority, invitation)),
        }),
      );
      sendCertificates(response, [certificatePem]);
    } catch (error) {
      if (!(error instanceof NoLongerOpen)) throw error;
      sayUnauthorized(response, "This token has just been used. Ask for a new one.");
    }
  };
}
