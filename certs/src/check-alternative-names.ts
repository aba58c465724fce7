import { isIP } from "node:net";
import type { AlternativeName } from "./authority.ts";
import { CertsError } from "./certs-error.ts";
import { problemWithText } from "./check-subject.ts";
import { quoted } from "./next-command.ts";

/** What each kind looks like, and an example for who got it wrong. RFC 5280 section 4.2.1.6: all but UPNs are ASCII. */
const kinds: Readonly<
  Record<AlternativeName["type"], readonly [RegExp | ((value: string) => boolean), string]>
> = {
  dns: [isHostName, "a host's name such as app.flask.local"],
  ip: [(value) => isIP(value) !== 0, "an IP address such as 127.0.0.1"],
  email: [/^[!-?A-~]{1,64}@[!-?A-~]{1,255}$/, "an e-mail address such as grace@flask.local"],
  url: [/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/, "a URI such as spiffe://flask.local/grace"],
  upn: [/^[^\s@]+@[^\s@]+$/u, "a user principal name such as grace@flask.local"],
};

/** @throws CertsError for the first that cannot stand in a certificate */
export function checkAlternativeNames(names: readonly AlternativeName[]): void {
  for (const { type, value } of names) {
    const [shape, example] = kinds[type];
    const fits = typeof shape === "function" ? shape(value) : shape.test(value);
    if (!fits || problemWithText(value) !== undefined)
      throw new CertsError(`${quoted(value)} is not ${example}. Nothing was issued.`);
  }
}

/** Letters, digits and hyphens in labels of up to 63, with a wildcard for the first at most (RFC 9525 section 6.3). */
function isHostName(value: string): boolean {
  const label = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
  return (
    value.length <= 253 &&
    new RegExp(`^(?:\\*\\.(?=.))?${label}(?:\\.${label})*$`).test(value) &&
    isIP(value) === 0
  );
}
