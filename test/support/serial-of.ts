import { X509Certificate } from "node:crypto";
import type { Issued } from "@sallyport/certs";
import type { Identity } from "./test-authority.ts";

/** The serial number of a certificate, the first one of a chain, in upper-case hexadecimal digits. */
export function serialOf(holder: Pick<Identity, "cert"> | Pick<Issued, "certificatePem">): string {
  return new X509Certificate("cert" in holder ? holder.cert : holder.certificatePem).serialNumber;
}
