/** The certificates, keys and secrets that a configuration names: read, and proved to fit each other before anything starts. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { readCertificate } from "@sallyport/identity";
import type { Report } from "./config-error.ts";
import type { Config } from "./schema.ts";
import { whyUnreadable } from "./why-unreadable.ts";

export type Material = {
  readonly tls:
    { readonly certificate: string; readonly key: string; readonly leaf: X509Certificate } | undefined;
  readonly authorities: readonly X509Certificate[];
  readonly backendSecret: string | undefined;
};

/** The settings that name files. */
export type MaterialConfig = Pick<Config, "tls" | "clients" | "backendSecret">;

const shortestSecret = 32;

/**
 * @param locate resolves a path of the configuration
 * @returns `undefined` when something was reported
 */
export function readMaterial(
  config: MaterialConfig,
  locate: (name: string) => string,
  report: Report,
): Material | undefined {
  const complaints: unknown[] = [];
  const complain: Report = (...problem) => {
    complaints.push(problem);
    report(...problem);
  };
  const read = (path: readonly PropertyKey[], name: string): string | undefined => {
    try {
      return readFileSync(locate(name), "utf8");
    } catch (error) {
      complain(
        path,
        `${name} ${whyUnreadable(error)}`,
        "create it, or mend the path (npm run certs makes the demo's)",
      );
      return undefined;
    }
  };
  const tls = config.tls && readTls(config.tls, read, complain);
  const authorities = (config.clients?.authorities ?? []).flatMap((name, at) => {
    const path = ["clients", "authorities", at];
    const pem = read(path, name);
    return pem === undefined ? [] : readCertificates(pem, path, name, complain);
  });
  const secret = config.backendSecret && read(["backendSecret", "file"], config.backendSecret.file)?.trim();
  if (config.backendSecret && secret !== undefined && !/^[\x21-\x7e]{32,512}$/.test(secret)) {
    complain(
      ["backendSecret", "file"],
      `${config.backendSecret.file} must hold ${shortestSecret} to 512 printable characters without spaces`,
      `openssl rand -hex 32 > ${config.backendSecret.file}`,
    );
  }
  return complaints.length === 0 ? { tls, authorities, backendSecret: secret } : undefined;
}

type Read = (path: readonly PropertyKey[], name: string) => string | undefined;

function readTls(tls: NonNullable<Config["tls"]>, read: Read, report: Report): Material["tls"] {
  const certificate = read(["tls", "certificate"], tls.certificate);
  const keyText = read(["tls", "key"], tls.key);
  const [leaf] =
    certificate === undefined
      ? []
      : readCertificates(certificate, ["tls", "certificate"], tls.certificate, report);
  const key = keyText === undefined ? undefined : readKey(keyText, tls.key, report);
  if (leaf && key && !leaf.checkPrivateKey(key)) {
    report(
      ["tls", "key"],
      `${tls.key} is not the key of ${tls.certificate}`,
      "give the key that the certificate was made for",
    );
  }
  const notAfter = leaf && readCertificate(leaf.raw).notAfter;
  if (notAfter !== undefined && notAfter < Date.now()) {
    const end = new Date(notAfter).toISOString().slice(0, 10);
    report(
      ["tls", "certificate"],
      `${tls.certificate} ended on ${end}`,
      "renew it (npm run certs -- server --force makes the demo's anew)",
    );
  }
  return certificate !== undefined && keyText !== undefined && leaf
    ? { certificate, key: keyText, leaf }
    : undefined;
}

function readCertificates(
  pem: string,
  path: readonly PropertyKey[],
  name: string,
  report: Report,
): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    report(path, `${name} holds no PEM certificate`, "give a file with -----BEGIN CERTIFICATE-----");
  return blocks.flatMap((block, at) => {
    try {
      const certificate = new X509Certificate(block);
      readCertificate(certificate.raw); // stricter than OpenSSL: better found out here than at the first request
      return [certificate];
    } catch {
      report(
        path,
        `certificate ${at + 1} in ${name} cannot be read`,
        `openssl x509 -in ${name} -text shows what is wrong`,
      );
      return [];
    }
  });
}

function readKey(pem: string, name: string, report: Report): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    const locked = pem.includes("ENCRYPTED");
    report(
      ["tls", "key"],
      locked ? `${name} is protected by a passphrase` : `${name} holds no private key that can be read`,
      locked
        ? `openssl pkey -in ${name} -out PLAIN.key, readable by the gateway alone`
        : "give a PEM file with -----BEGIN PRIVATE KEY-----",
    );
    return undefined;
  }
}
