/** The app's own secret, and the keys that come from it: one for each purpose, so that none can stand in for another. */
import { hkdfSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeSecret, PrivateFileError, readPrivateFile } from "../private-file.ts";

export type AppKeys = {
  /** 32 octets for one purpose, always the same ones: HKDF-SHA-256 (RFC 5869) with the purpose as its info. */
  readonly keyFor: (purpose: string) => Buffer;
};

/**
 * @param file holds 32 octets or more, and is readable by its owner alone
 * @throws PrivateFileError
 */
export function openAppKeys(file: string): AppKeys {
  const secret = readPrivateFile(file, makeSecret(file)).trim();
  if (secret.length < 32) {
    throw new PrivateFileError(`${file} holds fewer than 32 octets; ${makeSecret(file)}`);
  }
  return appKeys(Buffer.from(secret, "latin1"));
}

/** The same, with a secret that is made at the first start. @throws PrivateFileError */
export function openOrMakeAppKeys(file: string): AppKeys {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code !== "EEXIST") {
      throw new PrivateFileError(`${file} cannot be made (${code}); look at its folder: ls -ld '${dirname(file)}'`); // prettier-ignore
    }
  }
  return openAppKeys(file);
}

export function appKeys(secret: Buffer): AppKeys {
  return {
    keyFor: (purpose) => Buffer.from(hkdfSync("sha256", secret, "", `sallyport-app ${purpose}`, 32)),
  };
}
