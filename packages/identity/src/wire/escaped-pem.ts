/** One certificate as percent-encoded PEM. */
import type { Certificate } from "../certificate.ts";
import { IdentityError } from "../identity-error.ts";
import { parsePem } from "./pem.ts";
import { percentDecode } from "./percent.ts";

/** @throws IdentityError `name-malformed`, `certificate-malformed`: also for more than one, of which readers take either end */
export function parseEscapedPem(text: string): Certificate {
  const [certificate, ...more] = parsePem(percentDecode(text));
  if (more.length === 0) return certificate;
  throw new IdentityError("certificate-malformed", "The value holds more than one certificate.");
}
