import { createPrivateKey } from "node:crypto";
import { commonNameOf } from "../common-name.ts";
import { locked } from "../folder-lock.ts";
import type { KeyAlgorithm } from "../key-pair.ts";
import { publicKeyInfo } from "../key-pair.ts";
import { locateCertificate } from "../locate-certificate.ts";
import { nextCommand } from "../next-command.ts";
import { openAuthority } from "../open-authority.ts";
import { choosePassword } from "../password.ts";
import type { Passphrase } from "../read-authority-key.ts";
import { renew as renewed } from "../renew.ts";
import { spokenDate } from "../spoken-date.ts";
import { isThere, pathsOf, readCertificate, readStored, shown, writeFiles } from "../store.ts";
import { writeEndEntity } from "../write-end-entity.ts";
import { shownPassword } from "./issue.ts";

export type RenewCommandOptions = {
  readonly folder: string;
  readonly days?: number;
  readonly key?: KeyAlgorithm;
  readonly sameKey?: boolean;
  readonly password?: string;
  readonly passphrase?: Passphrase | undefined;
};

/**
 * `renew FILE|NAME`: issues a certificate to the same holder and writes it over the old one. Whoever keeps their key
 * elsewhere keeps it. Returns the lines to print.
 */
export async function renew(given: string, options: RenewCommandOptions): Promise<readonly string[]> {
  const { folder, days, key: keyAlgorithm, sameKey = false } = options;
  const found = await locateCertificate(folder, given);
  const paths = pathsOf(found.folder, found.name);
  const old = await readCertificate(found.crt, nextCommand("list", folder));
  const authority = await openAuthority(folder, options);
  const keyFile = (await isThere(paths.key)) ? (await readStored(paths.key, "")).toString() : undefined;
  const kept = keyFile !== undefined && sameKey ? keyFile : undefined;
  const publicKey =
    keyFile === undefined
      ? new Uint8Array(old.publicKey.export({ type: "spki", format: "der" }))
      : kept === undefined
        ? undefined
        : publicKeyInfo(createPrivateKey(kept));
  const password =
    keyFile === undefined ? undefined : await choosePassword(options.password, `${found.name}.p12`);
  const issued = await renewed(authority, old.raw, { name: found.name, days, keyAlgorithm, publicKey });
  const privateKeyPem = issued.privateKeyPem ?? kept;
  await locked(folder, () =>
    privateKeyPem === undefined || !password
      ? writeFiles([
          { path: found.crt, content: issued.certificatePem + issued.chainPem.join(""), secret: false },
        ])
      : writeEndEntity(paths, {
          ...issued,
          privateKeyPem,
          rootChainPem: authority.chainPem,
          name: found.name,
          password: password.text,
        }),
  );
  const what =
    privateKeyPem === undefined ? `${shown(found.crt)}, for the key its holder keeps` : shown(found.crt);
  return [
    `Renewed ${commonNameOf(old)}: ${what}, ends ${spokenDate(issued.notAfter)}.`,
    ...(password?.generated ? ["", ...shownPassword(found.name, password.text)] : []),
    "",
    `The one before is good until ${spokenDate(old.validToDate)}. To end it now:`,
    `  ${nextCommand(`revoke ${old.serialNumber} --reason superseded`, folder)}`,
  ];
}
