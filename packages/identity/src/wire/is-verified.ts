/** A verdict in nginx's words, as several systems have them: SUCCESS, NONE, FAILED and a reason. */
import type { HeaderLine } from "../dialects/dialect.ts";
import { IdentityError } from "../identity-error.ts";
import { onlyValue } from "./header-lines.ts";

/**
 * @param verdict the header that holds it
 * @param told what the other headers say; of a client without a certificate they must say nothing
 * @returns `false` for a client without a certificate
 * @throws IdentityError `verification-missing` or `verification-failed`
 */
export function isVerified(
  lines: readonly HeaderLine[],
  verdict: string,
  told: Readonly<Record<string, string | undefined>>,
): boolean {
  const verification = onlyValue(lines, verdict);
  if (verification === undefined) {
    throw new IdentityError("verification-missing", `The request carries no ${verdict}.`);
  }
  if (verification === "NONE" && Object.values(told).every((value) => value === undefined)) return false;
  if (verification !== "SUCCESS") {
    throw new IdentityError("verification-failed", `${verdict} is not SUCCESS.`);
  }
  return true;
}
