/** What somebody may call themselves. */
import { normalForm } from "../store/index.ts";

export const longestUsername = 40;

/**
 * A username as it is kept and shown: NFKC (so that full-width letters and the like are the plain ones), without white
 * space around it.
 */
export function preparedUsername(typed: string): string {
  return normalForm(typed, "NFKC").trim();
}

/**
 * Letters and digits of any script, and single spaces, dots, hyphens, underscores and apostrophes between them: nothing
 * that is invisible, turns text around, or makes a username look like an address.
 *
 * @param username from {@link preparedUsername}
 * @returns what is wrong with it, as one sentence, or `undefined`
 */
export function usernameProblem(username: string): string | undefined {
  const { length } = Array.from(username);
  if (length < 2 || length > longestUsername)
    return `A username has from 2 to ${longestUsername} characters.`;
  if (!/^[\p{L}\p{N}]\p{M}{0,3}(?:[ ._'’-]?[\p{L}\p{N}]\p{M}{0,3})*$/u.test(username)) {
    return "A username consists of letters and digits, with single spaces, dots, hyphens, underscores or apostrophes between them.";
  }
  // Where two alphabets are mixed, one letter of them usually stands in for another's (Unicode TR 39, section 5.2).
  const alphabets = [/\p{Script=Latin}/u, /\p{Script=Greek}/u, /\p{Script=Cyrillic}/u];
  if (alphabets.filter((alphabet) => alphabet.test(username)).length > 1) {
    return "A username does not mix Latin, Greek and Cyrillic letters.";
  }
  return undefined;
}

/**
 * What the name could be read as: itself, and with spaces in the place of dots, hyphens and underscores, so that
 * `grace.hopper` is not free where a certificate has already brought Grace Hopper.
 */
export function readings(username: string): readonly string[] {
  return [username, username.replace(/[._-]/g, " ")];
}
