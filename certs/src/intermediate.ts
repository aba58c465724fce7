import type { X509Certificate } from "node:crypto";
import { CertsError } from "./certs-error.ts";
import { nextCommand } from "./next-command.ts";
import { isThere, pathsOf, readCertificate, shown } from "./store.ts";
import { problemWith } from "./verify.ts";

/** The intermediate authority's certificate, found good; undefined when the folder has none. */
export async function readIntermediate(
  folder: string,
  root: X509Certificate,
): Promise<X509Certificate | undefined> {
  const { crt } = pathsOf(folder, "intermediate");
  if (!(await isThere(crt))) return undefined;
  const replace = nextCommand("init --intermediate --force", folder);
  const certificate = await readCertificate(crt, replace);
  const problem = problemWith(certificate, { issuer: root });
  if (problem) throw new CertsError(`${shown(crt)} ${problem}. Make a new one: ${replace}`);
  return certificate;
}
