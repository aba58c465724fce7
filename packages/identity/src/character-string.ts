/** ASN.1 character strings (X.680 section 41) as text, decoded the way OpenSSL decodes them for printing. */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Tags whose octets are one character each. T61String is read as Latin-1, as every TLS library does. */
const singleOctet = new Set([18, 19, 20, 22, 23, 24, 26]);

/**
 * @param der one TLV; anything behind it makes it undecodable
 * @returns its text, or `undefined` when it is not a character string or its octets are not valid in it
 */
export function decodeCharacterString(der: Buffer): string | undefined {
  const octets = contentOf(der);
  const tag = der[0];
  if (octets === undefined || tag === undefined) return undefined;
  if (singleOctet.has(tag)) return octets.toString("latin1");
  if (tag === 12) return decodeOrUndefined(() => utf8.decode(octets));
  if (tag === 30) return fixedWidth(octets, 2);
  if (tag === 28) return fixedWidth(octets, 4);
  return undefined;
}

/** The content octets of one definite-length TLV that fills `der` exactly. */
export function contentOf(der: Buffer): Buffer | undefined {
  const first = der[1];
  if (first === undefined) return undefined;
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthOctets;
  if (lengthOctets > 4 || first === 0x80 || der.length < start) return undefined;
  const length = lengthOctets === 0 ? first : der.readUIntBE(2, lengthOctets);
  return der.length === start + length ? der.subarray(start) : undefined;
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

function decodeOrUndefined(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
