/**
 * The two forms in which Flask's werkzeug keeps a password: `pbkdf2:sha256:50000$SALT$HEX` and
 * `scrypt:32768:8:1$SALT$HEX`. The salt is text, and its letters are the salt. Read, never written.
 */
import { pbkdf2, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";
import type { Kept, Scheme } from "./scheme.ts";

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);
const digestLength = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;
const mostMemory = 256 * 1024 * 1024;
const mostIterations = 10_000_000;
const form = /^([a-z0-9:]{5,60})\$([A-Za-z0-9]{1,64})\$([0-9a-f]{40,128})$/;

export const werkzeugScheme: Scheme = {
  read(stored) {
    const [, method = "", salt = "", hex = ""] = form.exec(stored) ?? [];
    const expected = Buffer.from(hex, "hex");
    const [kind, ...parameters] = method.split(":");
    if (kind === "pbkdf2") return readPbkdf2(parameters, salt, expected);
    if (kind === "scrypt") return readScrypt(parameters, salt, expected);
    return undefined;
  },
};

function readPbkdf2(parameters: readonly string[], salt: string, expected: Buffer): Kept | undefined {
  const [digest = "", count = "", ...others] = parameters;
  const iterations = whole(count);
  if (others.length > 0 || !isDigest(digest) || iterations < 1 || iterations > mostIterations) return undefined; // prettier-ignore
  if (expected.length !== digestLength[digest]) return undefined;
  return {
    current: false,
    verify: async (password) =>
      timingSafeEqual(await derivePbkdf2(password, salt, iterations, expected.length, digest), expected),
  };
}

function readScrypt(parameters: readonly string[], salt: string, expected: Buffer): Kept | undefined {
  const [N = 0, r = 0, p = 0, ...others] = parameters.map(whole);
  if (others.length > 0 || N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1 || expected.length !== 64) return undefined; // prettier-ignore
  const memory = 132 * N * r * p; // 128 is what it takes, 132 what werkzeug allows for it
  if (memory > mostMemory) return undefined;
  return {
    current: false,
    verify: async (password) =>
      timingSafeEqual(await deriveScrypt(password, salt, expected.length, { N, r, p, maxmem: memory }), expected), // prettier-ignore
  };
}

/** @returns 0 for what is no whole number from 1 to 99,999,999 */
function whole(text: string): number {
  return /^[1-9]\d{0,7}$/.test(text) ? Number(text) : 0;
}

function isDigest(name: string): name is keyof typeof digestLength {
  return Object.hasOwn(digestLength, name);
}
