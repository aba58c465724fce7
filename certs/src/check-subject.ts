import { CertsError } from "./certs-error.ts";
import { ambiguityOf } from "./legacy-ambiguity.ts";
import { printSubject } from "./read-subject.ts";
import type { Attribute, Subject } from "./subject.ts";

/** RFC 5280 appendix A.1, in characters. */
const upperBounds: Readonly<Record<string, number>> = {
  CN: 64,
  O: 64,
  OU: 64,
  L: 128,
  ST: 128,
  STREET: 128,
  serialNumber: 64,
  emailAddress: 255,
};

/**
 * Refuses a subject that cannot stand in a certificate, and one that a backend could take for another.
 *
 * @param options.allowAmbiguous lets the second kind through: gateways that speak another form can carry it.
 * @throws CertsError naming the attribute and what is wrong with it.
 */
export function checkSubject(
  subject: Subject,
  { allowAmbiguous = false }: { readonly allowAmbiguous?: boolean | undefined } = {},
): void {
  for (const attribute of subject.flat()) {
    const problem = problemWithAttribute(attribute);
    if (problem) throw new CertsError(`${attribute.type} ${problem}. Nothing was issued.`);
  }
  const ambiguity = allowAmbiguous ? undefined : ambiguityOf(subject);
  if (ambiguity)
    throw new CertsError(
      `${printSubject(subject)} could be taken for another in the slash form that backends of old read: ` +
        `${ambiguity}. To issue it all the same: --allow-ambiguous`,
    );
}

function problemWithAttribute({ type, value }: Attribute): string | undefined {
  if (typeof value !== "string") return "is no UTF-8 text";
  const problem = problemWithText(value);
  if (problem) return problem;
  if (type === "C" && !/^[A-Z]{2}$/.test(value))
    return "is a country's code of two capital letters, such as US";
  const bound = upperBounds[type] ?? 255;
  return Array.from(value).length > bound ? `is longer than ${bound} characters` : undefined;
}

/** What no name may hold, as the second half of a sentence: nobody sees it, and somebody relies on it. */
export function problemWithText(value: string): string | undefined {
  if (value === "") return "is empty";
  // a lone surrogate has no UTF-8, and U+FFFD is what is left of octets that were none
  if (!value.isWellFormed() || value.includes("\uFFFD")) return "is not UTF-8";
  if (/\p{Cc}|[\u2028\u2029]/u.test(value)) return "holds a control character";
  if (/[\u202A-\u202E\u2066-\u2069]/u.test(value))
    return "holds a character that turns the direction of writing";
  return value.trim() === value ? undefined : "begins or ends with a space";
}
