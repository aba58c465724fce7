/** Enrolment over Secure Transport (RFC 7030): cacerts, simpleenroll, simplereenroll. What is optional is not offered, and says so. */
import express, { Router, type RequestHandler } from "express";
import type { Desk } from "../fulfil.ts";
import { say, sendCertificates } from "./say.ts";
import { simpleEnroll } from "./simple-enroll.ts";
import { simpleReenroll } from "./simple-reenroll.ts";

/** Octets of a request; one for an RSA key of 8192 bits has 3 KB. */
const limit = 16 * 1024;

export function est(desk: Desk): Router {
  const request = [onlyPkcs10, express.raw({ type: () => true, limit })];
  return Router({ caseSensitive: true, strict: true })
    .get("/cacerts", (_request, response) => {
      sendCertificates(response, desk.authority().chainPem);
    })
    .post("/simpleenroll", request, simpleEnroll(desk))
    .post("/simplereenroll", request, simpleReenroll(desk))
    .all("/cacerts", onlyBy("GET, HEAD"))
    .all(["/simpleenroll", "/simplereenroll"], onlyBy("POST"))
    .all(["/fullcmc", "/serverkeygen"], (_request, response) => {
      say(response, 501, "This part of EST is not offered here. Make a key and a request, and POST the request to simpleenroll."); // prettier-ignore
    })
    .all("/csrattrs", (_request, response) => {
      say(response, 404, "No attributes are asked for here. POST any request to simpleenroll.");
    })
    .use((_request, response) => {
      say(response, 404, "EST has no such operation. There are cacerts, simpleenroll and simplereenroll.");
    });
}

const onlyPkcs10: RequestHandler = (request, response, next) => {
  if (request.is("application/pkcs10")) next();
  else say(response, 415, "Send a certificate request (PKCS#10): curl -H 'Content-Type: application/pkcs10'");
};

function onlyBy(methods: string): RequestHandler {
  return (_request, response) => {
    response.set("Allow", methods);
    say(response, 405, `This is for ${methods}.`);
  };
}
