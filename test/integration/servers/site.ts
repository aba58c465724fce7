/** The certificates of one run, and the files that all servers of the run read. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createAuthority, issueCertificate, profiles, type Issued, type Subject } from "@sallyport/certs";
import { tempFolder } from "../../support/temp-folder.ts";

export type Site = {
  readonly folder: string;
  readonly root: Issued;
  readonly rootFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
};

/** `C=US`, `ST=Virginia`, and whatever else makes up the name. */
export function named(...rest: Subject): Subject {
  return [{ type: "C", value: "US" }, { type: "ST", value: "Virginia" }, ...rest];
}

/** @param unit the OU of the server's certificate; the demo's has none */
export async function createSite(context: TestContext, unit?: string): Promise<Site> {
  const folder = await tempFolder(context);
  const root = await createAuthority({
    subject: named({ type: "CN", value: "Root Flask Local Certificate Authority" }),
  });
  const units = unit === undefined ? [] : [{ type: "OU", value: unit }];
  const server = await issueCertificate({
    subject: named(...units, { type: "CN", value: "*.flask.local" }),
    issuer: root,
    profile: profiles.server,
    notAfter: middleOfADay(),
    alternativeNames: [
      { type: "dns", value: "flask.local" },
      { type: "dns", value: "localhost" },
    ],
  });
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  return {
    folder,
    root,
    rootFile: await file("root.pem", root.certificatePem),
    certificateFile: await file("server.crt", server.certificatePem),
    keyFile: await file("server.key", server.privateKeyPem),
  };
}

/** A good client certificate for any subject. */
export function person(site: Site, subject: Subject): Promise<Issued> {
  return issueCertificate({ subject, issuer: site.root, notAfter: middleOfADay(), keyAlgorithm: "ec-p256" });
}

/**
 * A hundred days and a half from now. With whole days, two servers that are asked within one second could each be right
 * and yet count another number of days that are left.
 */
function middleOfADay(): Date {
  return new Date(Date.now() + 100.5 * 86_400_000);
}

/** The subject that the demo gives to somebody of that name. */
export function personNamed(site: Site, commonName: string): Promise<Issued> {
  return person(site, named({ type: "CN", value: commonName }));
}
