/** The certificates of one run, made anew each time and thrown away with the folder. */
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createAuthority,
  createRevocationList,
  issueCertificate,
  profiles,
  type Issued,
  type KeyAlgorithm,
  type Subject,
} from "../certs/src/index.ts";
import { longList } from "../test/support/long-list.ts";

type Files = { readonly certificate: string; readonly key: string };

/** Paths of PEM files. */
export type Certificates = {
  readonly authority: string;
  readonly server: Files;
  readonly client: Files;
  /** A client that no server may let in. */
  readonly revoked: Files;
  /** Number of entries -> a revocation list that names the revoked client. One in DER where there are many. */
  readonly revocationLists: Readonly<Record<number, string>>;
};

/** Whom the requests come from, and every server must name to the backend. */
export const clientName = "Test Subject";
export const serverName = "flask.local";

/** @param listLengths of the revocation lists; more than 1 takes keys on P-256 */
export async function makeCertificates(
  folder: string,
  keyAlgorithm: KeyAlgorithm,
  listLengths: readonly number[],
): Promise<Certificates> {
  const issuer = await createAuthority({ subject: subject("Bench Authority"), keyAlgorithm });
  const alternativeNames = [{ type: "dns", value: serverName } as const];
  const server = await issueCertificate({
    subject: subject(serverName),
    issuer,
    profile: profiles.server,
    alternativeNames,
    keyAlgorithm,
  });
  const client = await issueCertificate({ subject: subject(clientName), issuer, keyAlgorithm });
  const revoked = await issueCertificate({ subject: subject("Mallory"), issuer, keyAlgorithm });
  const { serialNumber } = new X509Certificate(revoked.certificatePem);
  const lists = listLengths.map(async (length): Promise<[number, string]> => {
    const list =
      length === 1
        ? (
            await createRevocationList({
              issuer,
              number: 1,
              revoked: [{ serialNumber }],
            })
          ).pem
        : longList(issuer, 1, length, [serialNumber]);
    return [length, write(folder, `revoked-${length}.crl`, list)];
  });
  return {
    authority: write(folder, "authority.pem", issuer.certificatePem),
    server: writeBoth(folder, "server", server),
    client: writeBoth(folder, "client", client),
    revoked: writeBoth(folder, "revoked", revoked),
    revocationLists: Object.fromEntries(await Promise.all(lists)),
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

function write(folder: string, name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}
