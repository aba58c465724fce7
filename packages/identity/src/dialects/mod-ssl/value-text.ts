/** A single value as mod_ssl writes it: `ASN1_STRING_print_ex` with ESC_CTRL and UTF8_CONVERT. */
import { IdentityError } from "../../identity-error.ts";
import type { NameForm } from "./name-form.ts";

/**
 * Controls become `\XX`, a backslash becomes `\\`, everything else stands for itself: `a, b/c=d` is one value here. So do
 * U+0085, U+2028 and direction overrides in the form `utf-8`: their octets do no harm in a header, but may in a terminal.
 */
export function printValue(value: string, form: NameForm["values"]): string {
  const escaped = value.replaceAll("\\", "\\\\");
  return escaped.replace(form === "ascii" ? /[^\x20-\x7e]+/g : /[\0-\x1f\x7f]+/g, hexPairs);
}

function hexPairs(run: string): string {
  return Array.from(
    Buffer.from(run),
    (octet) => `\\${octet.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

/**
 * The reverse of {@link printValue}, of either form.
 * @throws IdentityError `name-malformed`
 */
export function parseValue(text: string): string {
  return text.replace(/(?:\\[0-9A-F]{2})+|\\(\\?)/g, (run, special: string | undefined) => {
    if (special !== undefined) return special === "\\" ? special : malformed();
    try {
      return utf8.decode(Buffer.from(run.replaceAll("\\", ""), "hex"));
    } catch {
      return malformed();
    }
  });
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function malformed(): never {
  throw new IdentityError("name-malformed", "A value holds an escape that is none.");
}
