import { normalForm } from "../../store/index.ts";

/**
 * A password as it is hashed, so that the same keys on another keyboard make the same password: the OpaqueString profile
 * of RFC 8265 (section 4.2), that is NFC, and every space a plain one. NFC and not NFKC: it never makes one of two
 * passwords that look different (`²` and `2` stay apart).
 *
 * A password's case, and white space around it, are part of it.
 */
export function preparedPassword(password: string): string {
  return normalForm(password.replace(/\p{Zs}/gu, " "), "NFC");
}
