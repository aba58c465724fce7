import { createPkcs12 } from "./pkcs12.ts";
import { writeFiles } from "./store.ts";
import type { Paths } from "./store.ts";

/** A holder's certificate and key, and the authorities above. */
export type EndEntityFiles = {
  readonly name: string;
  readonly certificatePem: string;
  /** Without the root. */
  readonly chainPem: readonly string[];
  /** With it. */
  readonly rootChainPem: readonly string[];
  readonly privateKeyPem: string;
  /** Of the `.p12`. */
  readonly password: string;
  readonly encryption?: "modern" | "legacy";
};

/** Writes `.key`, `.pem`, `.p12` and `.crt`, over whatever is there. */
export function writeEndEntity(paths: Paths, files: EndEntityFiles): Promise<void> {
  const { name, privateKeyPem, chainPem, rootChainPem } = files;
  const certificates = [files.certificatePem, ...chainPem].join("");
  const p12 = createPkcs12({ ...files, chainPem: rootChainPem, friendlyName: `${name}-flask-local` });
  return writeFiles([
    { path: paths.key, content: privateKeyPem, secret: true },
    { path: paths.pem, content: certificates + privateKeyPem, secret: true },
    { path: paths.p12, content: p12, secret: true },
    { path: paths.crt, content: certificates, secret: false },
  ]);
}
