import { readIndex } from "../certificate-index.ts";
import type { IndexEntry } from "../index-entry.ts";
import { CertsError } from "../certs-error.ts";
import { serialNumberFrom } from "../index-entry.ts";
import { listIssued } from "../list-issued.ts";
import { locateCertificate } from "../locate-certificate.ts";
import { nextCommand } from "../next-command.ts";
import { openAuthority } from "../open-authority.ts";
import type { Passphrase } from "../read-authority-key.ts";
import { recordCertificate } from "../record-certificate.ts";
import type { RevocationReason } from "../revocation-list.ts";
import { revoke as revoked } from "../revoke.ts";
import { spokenDate } from "../spoken-date.ts";
import { writeCrl } from "../write-crl.ts";
import { written } from "./crl.ts";

export type RevokeOptions = {
  readonly folder: string;
  readonly reason?: RevocationReason;
  /** Writes the list of what is revoked anew, too; unless told otherwise. */
  readonly crl?: boolean;
  readonly passphrase?: Passphrase | undefined;
};

/**
 * `revoke NAME|FILE|SERIAL`: revokes one certificate, or under a name all that are good still, and writes the list that
 * gateways read. Returns the lines to print.
 */
export async function revoke(given: string, options: RevokeOptions): Promise<readonly string[]> {
  const { folder, reason, crl = true } = options;
  // whoever cannot sign the list is told before anything is noted
  const authority = crl ? await openAuthority(folder, options) : undefined;
  const serialNumbers = await meant(folder, given);
  if (
    authority &&
    (await listIssued(folder)).some(
      (entry) => entry.issuer === "root" && serialNumbers.includes(entry.serialNumber),
    )
  )
    await authority.root();
  const entries = await revoked(folder, ...serialNumbers.map((serialNumber) => ({ serialNumber, reason })));
  const next = authority
    ? written(await writeCrl(authority), folder)
    : [`No gateway knows yet. Next, the list that they read: ${nextCommand("crl", folder)}`];
  return [...entries.map(sentence), "", ...next];
}

function sentence({ name, subject, serialNumber, revoked }: IndexEntry): string {
  const { date = new Date(), reason } = revoked ?? {};
  return `Revoked ${name} on ${spokenDate(date)}${reason ? ` (${reason})` : ""}: ${subject}, serial ${serialNumber}`;
}

/** A name means every certificate that was issued under it and is good still: who leaves, leaves with all of them. */
async function meant(folder: string, given: string): Promise<readonly string[]> {
  const { certificates } = await readIndex(folder);
  const named = certificates.filter(({ name }) => name === given);
  if (named.length > 0) {
    const good = named.filter(
      ({ revoked, notAfter }) => (!revoked || revoked.reason === "certificateHold") && notAfter > new Date(),
    );
    const [last] = named.toReversed();
    if (good.length === 0 && last)
      throw new CertsError(
        last.revoked
          ? `${given} was revoked already, on ${spokenDate(last.revoked.date)}. What gateways read: ${nextCommand("crl", folder)}`
          : `${given} ended on ${spokenDate(last.notAfter)}: there is nothing to revoke.`,
      );
    return good.map(({ serialNumber }) => serialNumber);
  }
  const serialNumber = serialNumberFrom(given);
  if (certificates.some((entry) => entry.serialNumber === serialNumber))
    return serialNumber === undefined ? [] : [serialNumber];
  const { crt, name } = await locateCertificate(folder, given);
  return [await recordCertificate(folder, { path: crt, name })];
}
