import { X509Certificate } from "node:crypto";
import { readIndex } from "../certificate-index.ts";
import { CertsError } from "../certs-error.ts";
import { namesOf } from "../grants.ts";
import { purposeOf } from "../index-entry.ts";
import { locateCertificate } from "../locate-certificate.ts";
import { nextCommand } from "../next-command.ts";
import { readRequest } from "../read-request.ts";
import type { Names } from "../read-request.ts";
import { printSubject } from "../read-subject.ts";
import { spokenDate } from "../spoken-date.ts";
import { standingOf } from "../standing-of.ts";
import { readStored, shown } from "../store.ts";

/** `show FILE|NAME`: what is in a certificate, or in a request. Returns the lines to print. */
export async function show(
  given: string,
  { folder }: { readonly folder: string },
): Promise<readonly string[]> {
  const { crt } = await locateCertificate(folder, given);
  const content = await readStored(crt, nextCommand("list", folder));
  if (/-----BEGIN (NEW )?CERTIFICATE REQUEST-----/.test(content.toString("latin1")))
    return [
      `${shown(crt)} is a request, signed with its own key:`,
      "",
      ...table(rowsOf(await readRequest(content))),
      "",
      `Next: ${nextCommand(`sign-request ${shown(crt)}`, folder)}`,
    ];
  const certificate = parse(content, crt);
  const { certificates } = await readIndex(folder);
  const entry = certificates.find(({ serialNumber }) => serialNumber === certificate.serialNumber);
  return [
    `${shown(crt)}:`,
    "",
    ...table([
      ...rowsOf(namesOf(certificate.raw)),
      ["Issuer", certificate.issuer.split("\n").toReversed().join(",")],
      ["Serial number", certificate.serialNumber],
      ["Begins", spokenDate(certificate.validFromDate)],
      ["Ends", spokenDate(certificate.validToDate)],
      ["For", purposeOf(certificate)],
      ["Key", keyOf(certificate)],
      ["SHA-256", certificate.fingerprint256],
      [
        "Now",
        standingOf({ notAfter: certificate.validToDate, ...(entry?.revoked && { revoked: entry.revoked }) }),
      ],
    ]),
  ];
}

type Row = readonly [title: string, text: string];

function rowsOf({ subject, alternativeNames }: Names): readonly Row[] {
  const names = alternativeNames.map(({ type, value }): Row => ["Also", `${type}:${value}`]);
  return [["Subject", printSubject(subject)], ...names];
}

function table(rows: readonly Row[]): readonly string[] {
  return rows.map(([title, text]) => `${title.padEnd(13)}  ${text}`);
}

function keyOf({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  return modulusLength
    ? `RSA, ${modulusLength} bits`
    : (namedCurve ?? publicKey.asymmetricKeyType ?? "unknown");
}

function parse(content: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(content);
  } catch {
    throw new CertsError(
      `${shown(path)} is neither a certificate nor a request. It is shown by: less ${shown(path)}`,
    );
  }
}
