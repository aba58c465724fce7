/** What may stand behind an option, and what is made of it. */
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import type { KeyAlgorithm } from "./key-pair.ts";
import type { RevocationReason } from "./revocation-list.ts";

export function days(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 99999.");
  return Number(text);
}

export function filledPassword(text: string): string {
  if (text === "") throw new InvalidArgumentError("A password is not empty.");
  return text;
}

const keys: Readonly<Record<string, KeyAlgorithm>> = {
  "rsa-2048": "rsa-2048",
  "rsa-4096": "rsa-4096",
  p256: "ec-p256",
  p384: "ec-p384",
};

export function key(text: string): KeyAlgorithm {
  const found = keys[text];
  if (!found) throw new InvalidArgumentError(`It is one of ${Object.keys(keys).join(", ")}.`);
  return found;
}

/** RFC 5280 section 5.3.1, without what only stands in delta lists or for attribute authorities. */
const reasons: readonly RevocationReason[] = [
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
];

export function reason(text: string): RevocationReason {
  const found = reasons.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (!found) throw new InvalidArgumentError(`It is one of ${reasons.join(", ")}.`);
  return found;
}

export function path(text: string): string {
  return resolve(text);
}

/** For an option that may stand there several times. */
export function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
