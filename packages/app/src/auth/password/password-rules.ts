/** What a new password has to be. Asked when one is chosen, never when one is checked. */
import { preparedPassword } from "./prepared-password.ts";

/** In code points, after {@link preparedPassword}. */
export const shortestPassword = 8;
export const longestPassword = 1024;

/**
 * Length, and no more rules of the kind that make people write passwords down (NIST SP 800-63B, section 3.1.1.2): but
 * what everybody else has chosen too, what is one pattern, and what is the name on the account, is refused.
 *
 * @param about names that a password must not consist of: the username, the e-mail address
 * @returns what is wrong with it, as one sentence, or `undefined`. The sentence never repeats the password.
 */
export async function passwordProblem(
  password: string,
  about: readonly string[] = [],
): Promise<string | undefined> {
  const prepared = preparedPassword(password);
  const { length } = Array.from(prepared);
  if (!prepared.isWellFormed() || /\p{Cc}/u.test(prepared)) return "A password holds no control characters.";
  if (length < shortestPassword) return `A password has at least ${shortestPassword} characters.`;
  if (length > longestPassword) return `A password has at most ${longestPassword} characters.`;
  const folded = prepared.toLowerCase();
  if (isPattern(folded)) return "This password is one pattern that repeats. Choose another.";
  if (isMostly(folded, about))
    return "This password is little more than a name that others know. Choose another.";
  if ((await commonPasswords()).has(folded))
    return "This password is one of the most common. Choose another.";
  return undefined;
}

/** `aaaaaaaa`, `abababab`, `12345678`, `98765432`: few kinds of steps from one character to the next. */
function isPattern(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)));
  return new Set(codes).size < 3 || steps.size === 1;
}

/** Whether fewer than four characters are left without the names. */
function isMostly(text: string, about: readonly string[]): boolean {
  const names = [...about.flatMap((name) => [name, ...name.split("@")]), "sallyport"];
  const rest = names
    .map((name) => preparedPassword(name).toLowerCase())
    .filter((name) => name.length >= 3)
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, name) => left.replaceAll(name, ""), text);
  return rest !== text && Array.from(rest).length < 4;
}

let common: Promise<ReadonlySet<string>> | undefined;

/** 18,000 of eight characters or more, out of zxcvbn's list: read when the first password is chosen, not at every start. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) =>
      new Set(dictionary["passwords-common"].filter((password) => password.length >= shortestPassword)),
  );
  return common;
}
