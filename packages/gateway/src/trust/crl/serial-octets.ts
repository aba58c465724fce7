/** Serial numbers as the octets that they are compared by: the shortest two's complement, as DER has it. */

/** The longest that is taken. RFC 5280 section 4.1.2.2 allows 20. */
export const longestSerial = 32;

/** Without the octets in front that only repeat the sign: OpenSSL prints, and people compare, the number. */
export function shortest(integer: Buffer): Buffer {
  let at = 0;
  while (at + 1 < integer.length && repeatsTheSign(integer[at], integer[at + 1] ?? 0)) at++;
  return at === 0 ? integer : integer.subarray(at);
}

function repeatsTheSign(octet: number | undefined, next: number): boolean {
  return next < 0x80 ? octet === 0 : octet === 0xff;
}

/** @param serialNumber hex, `-` in front when negative: as Certificate has it */
export function serialOctets(serialNumber: string): Buffer {
  const negative = serialNumber.startsWith("-");
  const magnitude = Buffer.from(`00${serialNumber.slice(negative ? 1 : 0)}`, "hex");
  return shortest(negative ? negate(magnitude) : magnitude);
}

function negate(octets: Buffer): Buffer {
  const value = BigInt.asUintN(octets.length * 8, -BigInt(`0x${octets.toString("hex")}`));
  return Buffer.from(value.toString(16).padStart(octets.length * 2, "0"), "hex");
}
