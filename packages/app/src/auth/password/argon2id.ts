/** Argon2 (RFC 9106) from node:crypto, in the PHC string form: `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG`. */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Scheme } from "./scheme.ts";

/** What one hash costs. */
export type Cost = {
  /** KiB */
  readonly memory: number;
  readonly passes: number;
};

/** OWASP's smallest recommendation of 2025 for argon2id: 19 MiB and two passes. 50 to 60 ms on one core of 2024. */
export const recommendedCost: Cost = { memory: 19_456, passes: 2 };

const derive = promisify(argon2);
const saltLength = 16;
const tagLength = 32;
const mostMemory = 256 * 1024; // KiB
const phc = /^\$(argon2id|argon2i|argon2d)\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]{11,86})\$([\w+/]{22,86})$/; // prettier-ignore

export async function hashArgon2id(password: string, { memory, passes }: Cost): Promise<string> {
  const nonce = randomBytes(saltLength);
  const tag = await derive("argon2id", { message: password, nonce, memory, passes, parallelism: 1, tagLength }); // prettier-ignore
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** Reads all three kinds of Argon2, and counts as current only argon2id at exactly this cost. */
export function argon2Scheme(cost: Cost): Scheme {
  return {
    read(stored) {
      const [, kind, m, t, p, salt = "", tag = ""] = phc.exec(stored) ?? [];
      if (kind !== "argon2id" && kind !== "argon2i" && kind !== "argon2d") return undefined;
      const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
      const nonce = Buffer.from(salt, "base64");
      const expected = Buffer.from(tag, "base64");
      if (parallelism < 1 || passes < 1 || memory < 8 * parallelism || memory > mostMemory) return undefined;
      return {
        current:
          kind === "argon2id" &&
          memory === cost.memory &&
          passes === cost.passes &&
          parallelism === 1 &&
          nonce.length === saltLength &&
          expected.length === tagLength,
        async verify(password) {
          const parameters = { message: password, nonce, memory, passes, parallelism, tagLength: expected.length }; // prettier-ignore
          return timingSafeEqual(await derive(kind, parameters), expected);
        },
      };
    },
  };
}

function unpadded(octets: Buffer): string {
  return octets.toString("base64").replaceAll("=", "");
}
