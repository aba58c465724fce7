/**
 * The body of an enrolment request: base64 of the DER, with or without line ends (RFC 8951 section 3.1). PEM is taken
 * as well, because that is what `openssl req` leaves on the disk.
 * @returns `undefined` for anything else
 */
export function requestIn(body: unknown): string | Buffer | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  const text = body.toString("latin1").trim();
  if (text.startsWith("-----BEGIN")) return text;
  const base64 = text.replace(/\s+/g, "");
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  return isBase64 ? Buffer.from(base64, "base64") : undefined;
}
