/** What to do about a list that is not taken. */

/** @param name its file or address */
export function nextStep(name: string): string {
  const look = name.includes("://")
    ? `curl -s ${name} | openssl crl -inform DER -noout -text`
    : `openssl crl -noout -text -in ${name}`;
  return `put a whole list of one of clients.authorities there; what it is now says: ${look}`;
}
