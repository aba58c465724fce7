/** A certificate as a list to read, for the one who presented it. */
import { printRfc4514, valuesOf, type Certificate } from "@sallyport/identity";
import { timeElement } from "./date.ts";
import { escapeHtml } from "./page.ts";

export function certificateFields(certificate: Certificate): string {
  const name = valuesOf(certificate.subject, "CN").join("; ");
  const rows = [
    ...(name === "" ? [] : [["Name", `<bdi>${escapeHtml(name)}</bdi>`]]),
    ["Subject", `<bdi>${escapeHtml(printRfc4514(certificate.subject))}</bdi>`],
    ["Issued by", `<bdi>${escapeHtml(printRfc4514(certificate.issuer))}</bdi>`],
    ["Serial number", certificate.serialNumber],
    ["Valid from", timeElement(certificate.notBefore)],
    ["Valid until", timeElement(certificate.notAfter)],
  ];
  return `<dl>\n${rows.map(([label, value]) => `<dt>${label ?? ""}</dt><dd>${value ?? ""}</dd>`).join("\n")}\n</dl>`;
}
