/** Numbers of certificates as people copy them out of tools, in the one form they are compared in. */
import { quotedText } from "./shapes.ts";

const colons = /^(?:[0-9a-f]{2}:)+[0-9a-f]{2}$/i;

/** Hex, with or without 0x, leading zeros and colons -> upper case and an even number of digits. */
export const serialNumber = quotedText
  .refine(
    (text) => /^-?(?:0x)?[0-9a-f]+$/i.test(text) || colons.test(text),
    'must be the serial number in hexadecimal, "0A1B" or "0A:1B"',
  )
  .transform((text) => {
    const [, sign = "", digits = ""] =
      /^(-?)(?:0x)?0*((?!0)[0-9a-f]*)$/i.exec(text.replaceAll(":", "")) ?? [];
    const value = (digits === "" ? "0" : digits).toUpperCase();
    return `${value === "0" ? "" : sign}${value.length % 2 === 0 ? value : `0${value}`}`;
  });

/** A SHA-256 in hex, with or without colons -> lower case without them. */
export const hexDigest = quotedText
  .refine(isHexDigest, "must be a SHA-256 in hexadecimal: 64 digits, with or without colons")
  .transform(bareHex);

/** A SHA-256 in hex, or in base64 as `curl --pinnedpubkey` takes it -> lower-case hex. */
export const keyPin = quotedText
  .refine(
    (text) => isHexDigest(text) || octetsOf(text) !== undefined,
    "must be the SHA-256 of a public key: 64 hexadecimal digits, or 44 characters of base64",
  )
  .transform((text) => octetsOf(text)?.toString("hex") ?? bareHex(text));

function isHexDigest(text: string): boolean {
  return /^[0-9a-f]+$/i.test(bareHex(text)) && bareHex(text).length === 64 && (!text.includes(":") || colons.test(text)); // prettier-ignore
}

function bareHex(text: string): string {
  return text.replaceAll(":", "").toLowerCase();
}

function octetsOf(pin: string): Buffer | undefined {
  const base64 = pin.replace(/^sha256\/\//, "");
  const octets = Buffer.from(base64, "base64");
  return octets.length === 32 && octets.toString("base64") === base64 ? octets : undefined;
}
