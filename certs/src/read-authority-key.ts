import { createPrivateKey } from "node:crypto";
import type { KeyObject, X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import type { AuthorityName } from "./index-entry.ts";
import { FolderError } from "./certs-error.ts";
import { isEncrypted } from "./encrypted-key.ts";
import { keyAlgorithmOf, privateKeyPem } from "./key-pair.ts";
import { nextCommand, quoted } from "./next-command.ts";
import { isThere, pathsOf, readStored, shown } from "./store.ts";

/** What opens an encrypted key, or a function that finds out. */
export type Passphrase = string | ((keyFile: string) => Promise<string>);

type Wanted = {
  readonly folder: string;
  readonly name: AuthorityName;
  readonly certificate: X509Certificate;
  readonly passphrase: Passphrase | undefined;
};

/** An authority's private key, PKCS#8 in the clear, found to be its certificate's. Throws FolderError otherwise. */
export async function readAuthorityKey({ folder, name, certificate, passphrase }: Wanted): Promise<string> {
  const { key: path, crt } = pathsOf(folder, name);
  const replace = nextCommand("init --force", folder);
  if (!(await isThere(path)))
    throw new FolderError(
      `${shown(path)} is not here, and nothing is signed without it. Bring it back from where it is kept; or make a ` +
        `new one, and everybody a new certificate: ${replace}`,
    );
  await refuseOpenDoor(path);
  const pem = (await readStored(path, replace)).toString();
  const key = isEncrypted(pem) ? await decrypt(pem, path, passphrase) : plain(pem, path, replace);
  if (!certificate.checkPrivateKey(key))
    throw new FolderError(`${shown(path)} is not the key of ${shown(crt)}. Make new ones: ${replace}`);
  if (!keyAlgorithmOf(key))
    throw new FolderError(
      `${shown(path)} is neither RSA nor on the curves P-256 or P-384, and signs nothing here. Make new ones: ${replace}`,
    );
  return privateKeyPem(key);
}

/** Whoever reads this key can be everybody. */
async function refuseOpenDoor(path: string): Promise<void> {
  const mode = (await stat(path)).mode & 0o777;
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  throw new FolderError(
    `${shown(path)} signs certificates, and others than its owner can get at it (mode ${mode.toString(8)}). ` +
      `Close it: chmod 600 ${quoted(shown(path))}`,
  );
}

async function decrypt(pem: string, path: string, passphrase: Passphrase | undefined): Promise<KeyObject> {
  if (passphrase === undefined)
    throw new FolderError(
      `${shown(path)} is encrypted. Put its passphrase into a file: --passphrase-file FILE`,
    );
  const text = typeof passphrase === "string" ? passphrase : await passphrase(path);
  try {
    return createPrivateKey({ key: pem, passphrase: text });
  } catch {
    throw new FolderError(`${shown(path)} does not open with this passphrase. Nothing was changed.`);
  }
}

function plain(pem: string, path: string, replace: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new FolderError(`${shown(path)} is not a private key. Make it again: ${replace}`);
  }
}
