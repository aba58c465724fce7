/** An OCSP responder that says what the test wants, when the test wants it. */
import { createPrivateKey } from "node:crypto";
import type { Issued } from "@sallyport/certs";
import { readCertificate } from "@sallyport/identity";
import { makeResponse, serialOf, startResponder } from "../../packages/gateway/src/trust/ocsp/testing/test-responder.ts"; // prettier-ignore
import type { Scope } from "./scope.ts";

export type ScriptedResponder = {
  readonly url: string;
  /** Serial numbers that it calls revoked; all others are good. */
  readonly revoked: Set<string>;
  /** Milliseconds until it answers; Infinity: never. */
  delay: number;
  /** How often it was asked about a serial number. */
  readonly asked: (serialNumber: string) => number;
  /** Nobody listens at its address, until it resumes. */
  readonly suspend: () => Promise<void>;
  readonly resume: () => Promise<void>;
};

export async function scriptedResponder(
  scope: Scope,
  { der, privateKeyPem }: Issued,
): Promise<ScriptedResponder> {
  const signer = { certificate: readCertificate(Buffer.from(der)), key: createPrivateKey(privateKeyPem) };
  const revoked = new Set<string>();
  const { url, requests, suspend, resume } = await startResponder((request, response) => {
    const answer = () => {
      const status = revoked.has(serialOf(request)) ? "revoked" : "good";
      response.setHeader("content-type", "application/ocsp-response");
      response.end(makeResponse(request, { status, signer }));
    };
    if (responder.delay !== Infinity) setTimeout(answer, responder.delay);
    return undefined;
  });
  scope.after(suspend);
  const responder: ScriptedResponder = {
    ...{ url, revoked, delay: 0, suspend, resume },
    asked: (serialNumber) => requests.filter((request) => serialOf(request) === serialNumber).length,
  };
  return responder;
}
