/** A new certificate for the holder of one that is still good, who has proved to the gateway to hold it (RFC 7030 section 4.2.2). */
import { CertsError, FolderError, renew } from "@sallyport/certs";
import { printRfc4514 } from "@sallyport/identity";
import type { RequestHandler } from "express";
import type { Desk } from "../fulfil.ts";
import { readableRequest } from "./readable-request.ts";
import { say, sendCertificates } from "./say.ts";

export function simpleReenroll(desk: Desk): RequestHandler {
  return async (request, response) => {
    const { address, certificate } = response.locals.visit;
    const about = { act: "renew", address, by: certificate && printRfc4514(certificate.subject) } as const;
    const refuse = (reason: string, status = 403) => {
      desk.audit({ ...about, outcome: "refused", reason });
      say(response, status, reason);
    };
    if (!certificate) {
      refuse("Present the certificate that is to be renewed while it is good: curl --cert FILE --key FILE");
      return;
    }
    // the gateway has asked this too; who issues asks again
    if (certificate.notAfter < Date.now()) {
      refuse("The certificate has ended. Ask for an invitation.");
      return;
    }
    const { csr, problem } = await readableRequest(request.body);
    if (problem !== undefined) {
      refuse(problem, 400);
      return;
    }
    try {
      const made = await renew(desk.authority(), certificate.der, { request: csr, days: desk.days });
      const { serialNumber, notAfter } = made;
      desk.audit({ ...about, outcome: "done", for: about.by, serialNumber, notAfter });
      sendCertificates(response, [made.certificatePem]);
    } catch (error) {
      if (!(error instanceof CertsError) || error instanceof FolderError) throw error;
      refuse(error.message);
    }
  };
}
