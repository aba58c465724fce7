/** What EST answers: certificates, or one sentence that a person at the other end can act on (RFC 7030 section 4.2.3). */
import type { Response } from "express";
import { certsOnly } from "./certs-only.ts";

export function say(response: Response, status: number, sentence: string): void {
  response.status(status).type("text/plain").send(`${sentence}\n`);
}

/** 401: what is needed is a one-time token, as the password of HTTP Basic (RFC 7030 section 3.2.3). */
export function sayUnauthorized(response: Response, sentence: string): void {
  response.set("WWW-Authenticate", 'Basic realm="enrolment", charset="UTF-8"');
  say(response, 401, sentence);
}

/** @param certificates PEM */
export function sendCertificates(response: Response, certificates: readonly string[]): void {
  const base64 = certsOnly(certificates).toString("base64");
  response
    .set("Content-Type", "application/pkcs7-mime; smime-type=certs-only")
    .set("Content-Transfer-Encoding", "base64")
    .end(`${base64.replace(/.{64}(?=.)/g, "$&\r\n")}\r\n`);
}
