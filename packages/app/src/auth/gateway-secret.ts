/** The secret that the gateway and this app share: how a request proves that it came through the gateway. */
import { createHash, timingSafeEqual } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";

export type GatewaySecret = {
  /** Compares in time that depends on neither the secret nor where the candidate differs from it. */
  readonly accepts: (candidate: string) => boolean;
  /**
   * Reads the file again. The secret it holds now and the one before are both accepted until the next reload, so that
   * a rotation has no gap: write the file, reload the app, reload the gateway. A second reload retires the old one.
   * @throws GatewaySecretError when the file is not fit; what was accepted before stays accepted
   */
  readonly reload: () => void;
};

/** The file cannot be used. The message is complete: which file, what is wrong, what to type. */
export class GatewaySecretError extends Error {
  override readonly name = "GatewaySecretError";
}

/**
 * @param file path of a file only its owner can read (one of root's: its group as well), holding 32 to 4096 visible ASCII
 *   characters; white space around them is ignored
 * @throws GatewaySecretError
 */
export function openGatewaySecret(file: string): GatewaySecret {
  let accepted: readonly [current: Buffer, previous: Buffer | undefined] = [digestOfFile(file), undefined];
  return {
    accepts(candidate) {
      const digest = sha256(candidate);
      const [current, previous = current] = accepted;
      const matches = [timingSafeEqual(digest, current), timingSafeEqual(digest, previous)];
      return matches.includes(true);
    },
    reload() {
      accepted = [digestOfFile(file), accepted[0]];
    },
  };
}

function digestOfFile(file: string): Buffer {
  const secret = readPrivateFile(file).trim();
  // One header line has to carry it as it is.
  if (!/^[\x21-\x7e]{32,4096}$/.test(secret)) {
    throw new GatewaySecretError(
      `${file} does not hold 32 to 4096 visible ASCII characters on one line; make a secret: ${makeSecret(file)}`,
    );
  }
  return sha256(secret);
}

function readPrivateFile(file: string): string {
  let descriptor;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") {
      throw new GatewaySecretError(`${file} does not exist; make a secret: ${makeSecret(file)}`);
    }
    throw new GatewaySecretError(`${file} cannot be read (${code}); look at it: ls -l ${quote(file)}`);
  }
  try {
    // Asked of the open descriptor, so that the file judged is the file read.
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new GatewaySecretError(`${file} is not a regular file.`);
    if ((status.mode & (isGivenByRoot(status) ? 0o037 : 0o077)) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(4, "0");
      throw new GatewaySecretError(
        `${file} is open to others than its owner (mode ${mode}); type: chmod 600 ${quote(file)}`,
      );
    }
    return readFileSync(descriptor, "latin1");
  } finally {
    closeSync(descriptor);
  }
}

/** A file of root's with mode 0440 or less, as Kubernetes mounts a Secret for the group of its pod: the group may read it. */
function isGivenByRoot({ uid }: { readonly uid: number }): boolean {
  return uid === 0 && process.geteuid?.() !== 0;
}

function makeSecret(file: string): string {
  return `(umask 077 && openssl rand -hex 32 > ${quote(file)})`;
}

function quote(file: string): string {
  return /^[\w./~+-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "latin1").digest();
}
