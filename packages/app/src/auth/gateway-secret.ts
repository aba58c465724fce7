/** The secret that the gateway and this app share: how a request proves that it came through the gateway. */
import { createHash, timingSafeEqual } from "node:crypto";
import { makeSecret, PrivateFileError, readPrivateFile } from "../private-file.ts";

export type GatewaySecret = {
  /** Compares in time that depends on neither the secret nor where the candidate differs from it. */
  readonly accepts: (candidate: string) => boolean;
  /**
   * Reads the file again. The secret it holds now and the one before are both accepted until the next reload, so that
   * a rotation has no gap: write the file, reload the app, reload the gateway. A second reload retires the old one.
   * @throws PrivateFileError when the file is not fit; what was accepted before stays accepted
   */
  readonly reload: () => void;
};

/**
 * @param file path of a file that nobody but its owner and group can read, holding 32 to 4096 visible ASCII characters;
 *   white space around them is ignored
 * @throws PrivateFileError
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
  const secret = readPrivateFile(file, makeSecret(file)).trim();
  // One header line has to carry it as it is.
  if (!/^[\x21-\x7e]{32,4096}$/.test(secret)) {
    throw new PrivateFileError(
      `${file} does not hold 32 to 4096 visible ASCII characters on one line; ${makeSecret(file)}`,
    );
  }
  return sha256(secret);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "latin1").digest();
}
