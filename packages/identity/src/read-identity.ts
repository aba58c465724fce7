/** The backend's half of the contract. */
import type { AssertedIdentity, HeaderLine } from "./dialects/dialect.ts";
import { dialects } from "./dialects/index.ts";

/**
 * Who the gateway says the client is.
 *
 * What this does NOT prove: that the request came from the gateway. Check that first (a shared secret, a loopback or
 * Unix socket); anybody who can reach the backend can write these headers.
 *
 * @param rawHeaders names and values in turn, exactly as they arrived: `IncomingMessage.rawHeaders`. Not `headers`,
 *   which joins repeated lines.
 * @param dialectName the dialect of the gateway's route
 * @returns `undefined` for an anonymous client
 * @throws IdentityError on everything that is not exactly one verified subject; treat it as anonymous, and log its code
 */
export function readIdentity(
  rawHeaders: readonly string[],
  dialectName: string,
): AssertedIdentity | undefined {
  const dialect = dialects.find(({ name }) => name === dialectName);
  if (!dialect) throw new TypeError(`There is no dialect ${dialectName}.`);
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    lines.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  return dialect.read(lines);
}
