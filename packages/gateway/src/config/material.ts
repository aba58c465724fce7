/** The certificates, keys and secrets that a configuration names: read, and proved to fit each other before anything starts. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { readCertificate } from "@sallyport/identity";
import type { ClientsConfig } from "./clients-schema.ts";
import type { Report } from "./config-error.ts";
import { revocationSettings, type RevocationSetting } from "./revocation-settings.ts";
import type { Config } from "./schema.ts";
import type { UpstreamConfig } from "./upstream-schema.ts";
import { whyUnreadable } from "./why-unreadable.ts";

/** A certificate of the gateway's own. */
export type TlsMaterial = {
  readonly certificate: string;
  readonly key: string;
  readonly leaf: X509Certificate;
};

/** Whose certificates are believed. Hosts that share one, share the object. */
export type ClientsMaterial = Pick<ClientsConfig, "depth" | "presence" | "insecureWeakKeys"> & {
  readonly authorities: readonly X509Certificate[];
  /** `undefined`: the names of all of them are told to clients. */
  readonly advertised: readonly X509Certificate[] | undefined;
  readonly revocation: readonly RevocationSetting[];
};

/** What `https://` targets are verified by, and by what they know the gateway: PEM. */
export type UpstreamMaterial = {
  readonly authorities: readonly string[] | undefined;
  readonly own: TlsMaterial | undefined;
};

type Path = readonly PropertyKey[];
type TlsConfig = Pick<NonNullable<Config["tls"]>, "certificate" | "key">;

export type MaterialReader = {
  readonly tls: (config: TlsConfig, path: Path) => TlsMaterial | undefined;
  readonly clients: (config: ClientsConfig, path: Path) => ClientsMaterial;
  readonly upstream: (config: UpstreamConfig, path: Path) => UpstreamMaterial;
  readonly secret: (config: NonNullable<Config["backendSecret"]>) => string | undefined;
  readonly ticketSecret: (
    config: NonNullable<NonNullable<Config["tls"]>["ticketSecret"]>,
  ) => Buffer | undefined;
  /** Every file that was read or looked for, absolute. */
  readonly files: () => readonly string[];
};

const shortestSecret = 32;

/** @param locate resolves a path of the configuration */
export function createMaterialReader(locate: (name: string) => string, report: Report): MaterialReader {
  const files = new Set<string>();
  const readOctets = (path: Path, name: string): Buffer | undefined => {
    files.add(locate(name));
    try {
      return readFileSync(locate(name));
    } catch (error) {
      const otherwise = "create it, or mend the path (npm run certs makes the demo's)";
      const { what, next } = whyUnreadable(error, name, locate(name), otherwise);
      report(path, `${name} ${what}`, next);
      return undefined;
    }
  };
  const read = (path: Path, name: string) => readOctets(path, name)?.toString("utf8");
  const readAll = (names: readonly string[], path: Path, first = 0) =>
    names.flatMap((name, at) => {
      const place = [...path, first + at];
      const pem = read(place, name);
      return pem === undefined ? [] : readCertificates(pem, place, name, report);
    });
  return {
    tls: (config, path) => readTls(config, path, read, report),
    clients({ authorities, advertise, revocation, depth, presence, insecureWeakKeys }, path) {
      const trusted = readAll(authorities, [...path, "authorities"]);
      const known = new Set(trusted.map(({ fingerprint256 }) => fingerprint256));
      const advertised = advertise?.flatMap((name, at) => {
        const found = readAll([name], [...path, "advertise"], at);
        const what = `${name} holds an authority that is not accepted: its certificates would be offered and refused`;
        if (found.some(({ fingerprint256 }) => !known.has(fingerprint256)))
          report([...path, "advertise", at], what, "add it to authorities, or leave it out here");
        return found;
      });
      return {
        ...{ depth, presence, insecureWeakKeys, advertised },
        authorities: trusted,
        revocation: revocationSettings(revocation, [...path, "revocation"], locate),
      };
    },
    upstream({ authorities, certificate, key }, path) {
      const own =
        certificate !== undefined && key !== undefined
          ? readTls({ certificate, key }, path, read, report)
          : undefined;
      return { authorities: authorities && readAll(authorities, [...path, "authorities"]).map(String), own };
    },
    secret({ file }) {
      const secret = read(["backendSecret", "file"], file)?.trim();
      if (secret !== undefined && !/^[\x21-\x7e]{32,512}$/.test(secret)) {
        const what = `${file} must hold ${shortestSecret} to 512 printable characters without spaces`;
        report(["backendSecret", "file"], what, `openssl rand -hex 32 > ${file}`);
      }
      return secret;
    },
    ticketSecret({ file }) {
      const path = ["tls", "ticketSecret", "file"];
      const secret = readOctets(path, file);
      if (secret === undefined) return undefined;
      const make = `(umask 077 && openssl rand -hex 48 > ${file})`;
      if (secret.length < shortestSecret)
        report(path, `${file} has ${secret.length} octets, and must have ${shortestSecret} at least`, make);
      // Whoever knows it reads what was said in every session of its time.
      if ((statSync(locate(file)).mode & 0o007) !== 0)
        report(path, `${file} is open to everybody on this machine`, `chmod o= ${file}`);
      return secret;
    },
    files: () => [...files],
  };
}

type Read = (path: Path, name: string) => string | undefined;

function readTls(tls: TlsConfig, path: Path, read: Read, report: Report): TlsMaterial | undefined {
  const certificatePath = [...path, "certificate"];
  const keyPath = [...path, "key"];
  const certificate = read(certificatePath, tls.certificate);
  const keyText = read(keyPath, tls.key);
  const [leaf] =
    certificate === undefined ? [] : readCertificates(certificate, certificatePath, tls.certificate, report);
  const key = keyText === undefined ? undefined : readKey(keyText, keyPath, tls.key, report);
  if (leaf && key && !leaf.checkPrivateKey(key)) {
    const what = `${tls.key} is not the key of ${tls.certificate}`;
    report(keyPath, what, "give the key that the certificate was made for");
  }
  const notAfter = leaf && readCertificate(leaf.raw).notAfter;
  if (notAfter !== undefined && notAfter < Date.now()) {
    const end = new Date(notAfter).toISOString().slice(0, 10);
    const next = "renew it (npm run certs -- server --force makes the demo's anew)";
    report(certificatePath, `${tls.certificate} ended on ${end}`, next);
  }
  return certificate !== undefined && keyText !== undefined && leaf
    ? { certificate, key: keyText, leaf }
    : undefined;
}

function readCertificates(pem: string, path: Path, name: string, report: Report): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    report(path, `${name} holds no PEM certificate`, "give a file with -----BEGIN CERTIFICATE-----");
  return blocks.flatMap((block, at) => {
    try {
      const certificate = new X509Certificate(block);
      readCertificate(certificate.raw); // stricter than OpenSSL: better found out here than at the first request
      return [certificate];
    } catch {
      const next = `openssl x509 -in ${name} -text shows what is wrong`;
      report(path, `certificate ${at + 1} in ${name} cannot be read`, next);
      return [];
    }
  });
}

function readKey(pem: string, path: Path, name: string, report: Report): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    const locked = pem.includes("ENCRYPTED");
    report(
      path,
      locked ? `${name} is protected by a passphrase` : `${name} holds no private key that can be read`,
      locked
        ? `openssl pkey -in ${name} -out PLAIN.key, readable by the gateway alone`
        : "give a PEM file with -----BEGIN PRIVATE KEY-----",
    );
    return undefined;
  }
}
