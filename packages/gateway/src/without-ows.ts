/** A field's value without the white space around it. */

/** Strips SP and HTAB alone (RFC 9112 section 5.1): `trim` would take the octet A0 too, which ends many a UTF-8 character. */
export function withoutOws(text: string, from: number, to = text.length): string {
  let start = from;
  let end = to;
  while (start < end && isOws(text.charCodeAt(start))) start += 1;
  while (end > start && isOws(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isOws(octet: number): boolean {
  return octet === 0x20 || octet === 0x09;
}
