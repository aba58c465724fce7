import { readIndex } from "../certificate-index.ts";
import { CertsError } from "../certs-error.ts";
import { purposeOf } from "../index-entry.ts";
import { readIntermediate } from "../intermediate.ts";
import { locateCertificate } from "../locate-certificate.ts";
import { nextCommand } from "../next-command.ts";
import { extendedKeyUsages } from "../profiles.ts";
import { readRoot } from "../root.ts";
import { spokenDate } from "../spoken-date.ts";
import { standingOf } from "../standing-of.ts";
import { isThere, pathsOf, readCertificate, readPrivateKey, shown } from "../store.ts";
import { problemWith } from "../verify.ts";

const spoken = {
  client: "a client",
  server: "a server",
  authority: "an authority",
  other: "another purpose",
};

/**
 * `verify FILE|NAME`: is this certificate good now, as the authority in this folder knows it? Returns the line to print.
 *
 * @throws CertsError saying what is wrong with it.
 */
export async function verify(
  given: string,
  { folder }: { readonly folder: string },
): Promise<readonly string[]> {
  const found = await locateCertificate(folder, given);
  const next = nextCommand("list", folder);
  const certificate = await readCertificate(found.crt, next);
  const root = await readRoot(folder);
  const intermediate = await readIntermediate(folder, root);
  const issuer = intermediate && certificate.checkIssued(intermediate) ? intermediate : root;
  const purpose = { client: extendedKeyUsages.clientAuth, server: extendedKeyUsages.serverAuth };
  const kind = purposeOf(certificate);
  const wrong = (problem: string) =>
    new CertsError(`${shown(found.crt)} ${problem}. What has been issued: ${next}`);
  const problem = problemWith(certificate, {
    issuer,
    ...(kind === "authority" ? {} : { purpose: kind === "server" ? purpose.server : purpose.client }),
  });
  if (problem) throw wrong(problem);
  const { certificates } = await readIndex(folder);
  const entry = certificates.find(({ serialNumber }) => serialNumber === certificate.serialNumber);
  if (entry?.revoked) throw wrong(`was ${standingOf(entry)}`);
  const { key } = pathsOf(found.folder, found.name);
  if (
    kind !== "authority" &&
    (await isThere(key)) &&
    !certificate.checkPrivateKey(await readPrivateKey(key, next))
  )
    throw wrong(`does not belong to ${shown(key)}`);
  return [`${shown(found.crt)}: OK, for ${spoken[kind]}, ends ${spokenDate(certificate.validToDate)}`];
}
