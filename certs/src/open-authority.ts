import { X509Certificate } from "node:crypto";
import type { Issued } from "./authority.ts";
import type { AuthorityName } from "./index-entry.ts";
import { CertsError } from "./certs-error.ts";
import { readIntermediate } from "./intermediate.ts";
import { readAuthorityKey } from "./read-authority-key.ts";
import type { Passphrase } from "./read-authority-key.ts";
import { readRoot } from "./root.ts";

/** Who signs: a certificate, and its key in the clear. */
export type Signer = Pick<Issued, "certificatePem" | "privateKeyPem">;

/** An authority's folder, opened for signing. Its key is in memory, in the clear; no file stays open. */
export type OpenAuthority = {
  readonly folder: string;
  /** The intermediate authority where there is one, otherwise the root. */
  readonly name: AuthorityName;
  readonly signer: Signer;
  /** From the signer up to the root, nearest first, the root last. */
  readonly chainPem: readonly [string, ...string[]];
  /** The first end in that chain: nothing it issues lasts longer. */
  readonly notAfter: Date;
  /** The root with its key, which signs the list of revoked authorities. Throws CertsError when that is kept elsewhere. */
  readonly root: () => Promise<Signer>;
};

/**
 * Opens the authority that lives in a folder.
 *
 * @param options.passphrase of an encrypted key, or how to get it; asked for only when there is one.
 * @throws CertsError when there is no authority, when it has ended, when others can read its key, or when the key does
 *   not open.
 */
export async function openAuthority(
  folder: string,
  { passphrase }: { readonly passphrase?: Passphrase | undefined } = {},
): Promise<OpenAuthority> {
  const root = await readRoot(folder);
  const intermediate = await readIntermediate(folder, root);
  const open = async (name: AuthorityName, certificate: X509Certificate) => ({
    certificatePem: certificate.toString(),
    privateKeyPem: await readAuthorityKey({ folder, name, certificate, passphrase }),
  });
  const [name, certificate] = intermediate
    ? (["intermediate", intermediate] as const)
    : (["root", root] as const);
  const signer = await open(name, certificate);
  const ends = [certificate, root].map(({ validToDate }) => validToDate.getTime());
  return {
    folder,
    name,
    signer,
    chainPem: intermediate ? [intermediate.toString(), root.toString()] : [root.toString()],
    notAfter: new Date(Math.min(...ends)),
    root: () => (intermediate ? open("root", root) : Promise.resolve(signer)),
  };
}

/** The certificates of the authority that are sent along with what it issues: all but the root. */
export function intermediatesOf({ chainPem }: OpenAuthority): readonly string[] {
  return chainPem.slice(0, -1);
}

/** @throws CertsError when the certificate was not issued by this authority, the root above it included. */
export function ownCertificate(authority: OpenAuthority, given: string | Uint8Array): X509Certificate {
  const certificate = new X509Certificate(given);
  const issuer = authority.chainPem
    .map((pem) => new X509Certificate(pem))
    .find((candidate) => certificate.checkIssued(candidate) && certificate.verify(candidate.publicKey));
  if (issuer && !certificate.ca) return certificate;
  throw new CertsError(
    certificate.ca
      ? "The certificate is an authority's own: make a new authority in another folder with init --out DIR."
      : "The certificate was not issued by this authority.",
  );
}
