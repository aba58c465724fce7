/** ASN.1 character strings (X.680 section 41) as text, decoded the way OpenSSL decodes them for printing. */
import type { Element } from "./der.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Tag numbers whose octets are one character each. T61String is read as Latin-1, as every TLS library does. */
const singleOctet = new Set([18, 19, 20, 22, 23, 24, 26]);
const utf8String = 12;
const universalString = 28;
const bmpString = 30;
const constructed = 0x20;

/**
 * @returns the element's text, or `undefined` when it is not a character string or its octets are not valid in it
 * @throws Error for a string in pieces: BER allows it, DER does not, and OpenSSL would join what we do not
 */
export function decodeCharacterString({ tag, content }: Element): string | undefined {
  const number = tag & ~constructed;
  const known =
    singleOctet.has(number) || number === utf8String || number === bmpString || number === universalString;
  if (!known) return undefined;
  if (tag !== number) throw new Error("a constructed character string");
  if (number === utf8String) return decodeUtf8(content);
  if (number === bmpString) return fixedWidth(content, 2);
  return number === universalString ? fixedWidth(content, 4) : content.toString("latin1");
}

function fixedWidth(octets: Buffer, width: 2 | 4): string | undefined {
  if (octets.length % width !== 0) return undefined;
  let text = "";
  for (let at = 0; at < octets.length; at += width) {
    const codePoint = octets.readUIntBE(at, width);
    // BMPString is UCS-2, not UTF-16: a surrogate in it is not a character.
    if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

function decodeUtf8(octets: Buffer): string | undefined {
  try {
    return utf8.decode(octets);
  } catch {
    return undefined;
  }
}
