/**
 * The page behind a one-time link. Opening it changes nothing, so that a mail program's preview uses nothing up; its
 * one button downloads the certificate, and the page stays, with the password and the next steps.
 */
import { createPkcs12, issue } from "@sallyport/certs";
import express, { Router, type RequestHandler, type Response } from "express";
import { fulfil, namesOf, NoLongerOpen, type Desk } from "../fulfil.ts";
import { standingOf, type Invitation } from "../invitations/invitation.ts";
import { closed, unknownLink } from "./closed.ts";
import { filePassword } from "./file-password.ts";
import { renderPage } from "./render.ts";
import { wayOf, ways } from "./ways.ts";

/** Milliseconds for which the page of a used link goes on showing the password: a phone throws pages away and loads them again. */
const afterwards = 3_600_000;

export function enrolPage(desk: Desk): Router {
  return Router({ caseSensitive: true, strict: true })
    .get("/", show(desk))
    .post("/", express.urlencoded({ extended: false, limit: 2048 }), collect(desk));
}

function show({ invitations, contact }: Desk): RequestHandler {
  return (request, response) => {
    const { token } = request.query;
    const invitation = invitations.find(token);
    const now = new Date();
    const isOpen = invitation && standingOf(invitation, now) === "open";
    if (typeof token !== "string" || !invitation || !(isOpen || wasCollected(invitation, now))) {
      showClosed(response, invitation, contact);
      return;
    }
    const way = wayOf(request.headers["user-agent"]);
    const others = ways.filter((other) => other !== way);
    const password = filePassword(invitation.salt, token);
    const data = { invitation, password, file: fileOf(invitation), way, others, contact };
    response.send(renderPage("steps", { ...data, token: isOpen ? token : undefined }));
  };
}

function wasCollected({ usedBy, claimedAt }: Invitation, now: Date): boolean {
  return usedBy === "collect" && now.getTime() - (claimedAt?.getTime() ?? 0) < afterwards;
}

function collect(desk: Desk): RequestHandler {
  const { invitations, contact, audit } = desk;
  return async (request, response) => {
    const { token } = (request.body ?? {}) as { readonly token?: unknown };
    const { address } = response.locals.visit;
    const invitation = invitations.find(token);
    const standing = invitation && standingOf(invitation, new Date());
    if (!invitation || standing !== "open") {
      const reason = standing === undefined ? "unknown token" : `invitation ${standing}`;
      const number = invitation?.number;
      audit({ act: "collect", outcome: "refused", address, invitation: number, reason });
      showClosed(response, invitation, contact);
      return;
    }
    try {
      const file = await makeFile(desk, invitation, { address, token: String(token) });
      response.attachment(fileOf(invitation)).type("application/x-pkcs12").send(Buffer.from(file));
    } catch (error) {
      if (!(error instanceof NoLongerOpen)) throw error;
      showClosed(response, invitations.find(token), contact);
    }
  };
}

async function makeFile(
  desk: Desk,
  invitation: Invitation,
  { address, token }: { readonly address: string | undefined; readonly token: string },
): Promise<Uint8Array> {
  const authority = desk.authority();
  const { name, allowAmbiguous, commonName: friendlyName } = invitation;
  const made = await fulfil(desk, invitation, { act: "collect", address }, () =>
    issue(authority, { name, allowAmbiguous, days: desk.days, ...namesOf(authority, invitation) }),
  );
  const password = filePassword(invitation.salt, token);
  // legacy opens everywhere; what it lacks in strength, 100 random bits make up for
  return createPkcs12({ ...made, friendlyName, password, encryption: "legacy" });
}

function showClosed(
  response: Response,
  invitation: Invitation | undefined,
  contact: string | undefined,
): void {
  const standing = invitation && standingOf(invitation, new Date());
  const why = !invitation || !standing || standing === "open" ? unknownLink : closed(invitation, standing);
  response.status(why.status).send(renderPage("closed", { ...why, number: invitation?.number, contact }));
}

function fileOf({ name }: Invitation): string {
  return `${name}.p12`;
}
