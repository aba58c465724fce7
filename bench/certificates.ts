/** The certificates of one run: EC keys on P-256, made anew each time and thrown away with the folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createAuthority,
  issueCertificate,
  profiles,
  type Issued,
  type Subject,
} from "../certs/src/index.ts";

type Files = { readonly certificate: string; readonly key: string };

/** Paths of PEM files. */
export type Certificates = { readonly authority: string; readonly server: Files; readonly client: Files };

/** Whom the requests come from, and every server must name to the backend. */
export const clientName = "Test Subject";
export const serverName = "flask.local";

const keyAlgorithm = "ec-p256";

export async function makeCertificates(folder: string): Promise<Certificates> {
  const authority = await createAuthority({ subject: subject("Bench Authority"), keyAlgorithm });
  const issuer = authority;
  const alternativeNames = [{ type: "dns", value: serverName } as const];
  const server = await issueCertificate({
    subject: subject(serverName),
    issuer,
    profile: profiles.server,
    alternativeNames,
    keyAlgorithm,
  });
  const client = await issueCertificate({ subject: subject(clientName), issuer, keyAlgorithm });
  return {
    authority: write(folder, "authority.pem", authority.certificatePem),
    server: writeBoth(folder, "server", server),
    client: writeBoth(folder, "client", client),
  };
}

function subject(commonName: string): Subject {
  return [
    { type: "C", value: "US" },
    { type: "ST", value: "Virginia" },
    { type: "CN", value: commonName },
  ];
}

function writeBoth(folder: string, name: string, { certificatePem, privateKeyPem }: Issued): Files {
  return {
    certificate: write(folder, `${name}.crt`, certificatePem),
    key: write(folder, `${name}.key`, privateKeyPem),
  };
}

function write(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}
