import { join } from "node:path";
import { CertsError } from "../certs-error.ts";
import { locked } from "../folder-lock.ts";
import { readIntermediate } from "../intermediate.ts";
import { nextCommand } from "../next-command.ts";
import { choosePassword } from "../password.ts";
import { createPkcs12 } from "../pkcs12.ts";
import { readRoot } from "../root.ts";
import { spokenDate } from "../spoken-date.ts";
import { isThere, pathsOf, readCertificate, readStored, shown, writeFiles } from "../store.ts";
import type { StoredFile } from "../store.ts";
import { shownPassword } from "./issue.ts";

/** In what shape; a `.p12` by today's algorithms, unless one of these is chosen. */
export const exportForms = ["legacy", "pem", "der", "chain"] as const;

export type ExportOptions = { readonly folder: string; readonly password?: string } & Readonly<
  Partial<Record<(typeof exportForms)[number], boolean>>
>;

/** `export NAME`: writes a holder's certificate in another shape, beside the others. Returns the lines to print. */
export async function exportName(name: string, options: ExportOptions): Promise<readonly string[]> {
  const { folder } = options;
  const { crt, key, pem, p12 } = pathsOf(folder, name);
  if (!(await isThere(crt)))
    throw new CertsError(
      `There is no certificate ${shown(crt)}. What has been issued: ${nextCommand("list", folder)}`,
    );
  const certificate = await readCertificate(crt, nextCommand("list", folder));
  const root = await readRoot(folder);
  const intermediate = await readIntermediate(folder, root);
  const above = intermediate && certificate.checkIssued(intermediate) ? [intermediate.toString()] : [];
  const certificatePem = certificate.toString();
  const write = async (file: StoredFile, ...more: readonly string[]) => {
    await locked(folder, () => writeFiles([file]));
    return [`Wrote ${shown(file.path)}, ends ${spokenDate(certificate.validToDate)}.`, ...more];
  };
  if (options.der)
    return write({ path: join(folder, `${name}.der`), content: certificate.raw, secret: false });
  if (options.chain) {
    const top = certificate.raw.equals(root.raw) ? [] : [root.toString()];
    const content = [certificatePem, ...above, ...top].join("");
    return write({ path: join(folder, `${name}-chain.pem`), content, secret: false });
  }
  if (certificate.ca)
    throw new CertsError(
      `The key of ${shown(crt)} signs certificates and is not given away. ` +
        `Its certificate: ${nextCommand(`export ${name} --der`, folder)}`,
    );
  const privateKeyPem = (await readStored(key, nextCommand(`renew ${name}`, folder))).toString();
  if (options.pem)
    return write({ path: pem, content: [certificatePem, ...above, privateKeyPem].join(""), secret: true });
  const { text, generated } = await choosePassword(options.password, `${name}.p12`);
  const content = createPkcs12({
    privateKeyPem,
    certificatePem,
    chainPem: [...above, root.toString()],
    friendlyName: `${name}-flask-local`,
    password: text,
    encryption: options.legacy ? "legacy" : "modern",
  });
  const next = `Next, how to import it: ${nextCommand(`import-help macos ${name}`, folder)}`;
  return write(
    { path: p12, content, secret: true },
    ...(generated ? ["", ...shownPassword(name, text)] : []),
    "",
    next,
  );
}
