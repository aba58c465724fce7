/** The octets of a file -> the DER of each revocation list in it. */

const begin = "-----BEGIN ";
const beginList = /-----BEGIN (?:X509 )?CRL-----/g;
const block = /-----BEGIN (?:X509 )?CRL-----([^-]*)-----END (?:X509 )?CRL-----/g;
const sequence = 0x30;

/**
 * DER, or PEM (RFC 7468) with any number of lists among certificates and text, which are passed over.
 * @returns none for PEM that holds other things only
 * @throws Error for what is neither
 */
export function splitLists(octets: Buffer): Buffer[] {
  if (octets.length === 0) throw new Error("it is empty");
  if (octets[0] === sequence) return [octets];
  if (!octets.includes(begin)) throw new Error("neither DER nor PEM");
  const text = octets.toString("latin1");
  const lists = Array.from(text.matchAll(block), ([, base64 = ""]) => Buffer.from(base64, "base64"));
  if (lists.length !== Array.from(text.matchAll(beginList)).length) throw new Error("a list that is cut off");
  return lists;
}
