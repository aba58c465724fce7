/** The secret that the gateway and this app share: how a request proves that it came through the gateway. */
import { createHash, timingSafeEqual } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";

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
 * @param file path of a file that nobody but its owner and group can read, holding 32 to 4096 visible ASCII characters;
 *   white space around them is ignored
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
    throw new GatewaySecretError(code === "EACCES" ? notOurs(file) : cannotBeRead(file, code));
  }
  try {
    // Asked of the open descriptor, so that the file judged is the file read.
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new GatewaySecretError(`${file} is not a regular file.`);
    // A group may read: Kubernetes and systemd hand secrets to a process by its group, mode 0440.
    if ((status.mode & 0o037) !== 0) {
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

function cannotBeRead(file: string, code: string): string {
  return `${file} cannot be read (${code}); look at it: ls -l ${quote(file)}`;
}

/** In a container a mounted file has the owner and the mode that it has on the host, by their numbers. */
function notOurs(file: string): string {
  const uid = process.getuid?.();
  try {
    const owner = statSync(file).uid;
    return `${file} belongs to uid ${owner} and cannot be read by this process, whose user is uid ${String(uid)}; type: chown ${String(uid)} ${quote(file)} && chmod 400 ${quote(file)} (of a file that is mounted into a container, on its host)`;
  } catch {
    return cannotBeRead(file, "EACCES, on the way to it");
  }
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
