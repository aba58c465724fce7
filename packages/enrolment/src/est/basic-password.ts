/** The password in an Authorization line (RFC 7617); the user's name says nothing here. `undefined` where there is none. */
export function basicPassword(authorization: string | undefined): string | undefined {
  const [, base64] = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization ?? "") ?? [];
  if (base64 === undefined) return undefined;
  const credentials = Buffer.from(base64, "base64").toString("utf8");
  const colon = credentials.indexOf(":");
  return colon < 0 ? undefined : credentials.slice(colon + 1);
}
