/** The secret that the gateway and its backends share: how a request proves that it came through the gateway. */
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { StartError } from "../start-error.ts";

export type GatewaySecret = {
  /** Compares in time that depends on neither the secret nor where the candidate differs from it. */
  readonly accepts: (candidate: string) => boolean;
  /**
   * Reads the file again. The secret in it and the one before are both accepted until the next reload, so that a change
   * leaves no gap.
   * @throws StartError when the file is not fit; what was accepted before stays accepted
   */
  readonly reload: () => void;
};

/**
 * @param file holds 32 to 4096 visible ASCII characters, and nobody but its owner can read it
 * @throws StartError saying which file, what is wrong with it, and what to type
 */
export function openGatewaySecret(file: string): GatewaySecret {
  let accepted: readonly Buffer[] = [digestOf(readSecret(file))];
  return {
    accepts(candidate) {
      const digest = digestOf(candidate);
      return accepted.map((known) => timingSafeEqual(known, digest)).includes(true);
    },
    reload() {
      accepted = [digestOf(readSecret(file)), ...accepted.slice(0, 1)];
    },
  };
}

function readSecret(file: string): string {
  const make = `(umask 077 && openssl rand -hex 32 > '${file}')`;
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined)
    throw new StartError(`${file} does not exist. Give the gateway's secret, or make one for both: ${make}`);
  if ((status.mode & 0o077) !== 0)
    throw new StartError(`${file} is open to others than its owner. Type: chmod 600 '${file}'`);
  const secret = read(file).trim();
  if (/^[\x21-\x7e]{32,4096}$/.test(secret)) return secret;
  throw new StartError(
    `${file} does not hold 32 to 4096 visible ASCII characters on one line. Make one: ${make}`,
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch (error) {
    throw new StartError(`${file} cannot be read. Look at it: ls -l '${file}'`, { cause: error });
  }
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text, "latin1").digest();
}
