/** Every certificate that a gateway stands on, and when it ends: what an operator wants to be warned of. */
import type { X509Certificate } from "node:crypto";
import { printRfc4514, readCertificate } from "@sallyport/identity";
import type { Settings } from "./load.ts";

export type CertificateInUse = {
  readonly use: "server" | "authority";
  /** A server certificate's host, `*` for the one of every other name; an authority's name. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
};

export function certificatesInUse({ site, hosts }: Settings): CertificateInUse[] {
  return [site, ...hosts].flatMap(({ names, tls, clients }) => [
    ...(tls ? [inUse("server", tls.leaf, names[0] ?? "*")] : []),
    ...(clients?.authorities ?? []).map((authority) => inUse("authority", authority)),
  ]);
}

function inUse(use: CertificateInUse["use"], { raw }: X509Certificate, host?: string): CertificateInUse {
  const { subject, notBefore, notAfter } = readCertificate(raw);
  return { use, name: host ?? printRfc4514(subject), notBefore, notAfter };
}
