/** The extensions by which a certificate says who knows whether it still holds. */
import type { RawExtension } from "@sallyport/certs";
import { oid, sequence, tlv } from "../../packages/identity/src/testing/der.ts";

/** cRLDistributionPoints (RFC 5280 section 4.2.1.13) with one address, and authorityInfoAccess (4.2.2.1) with one responder. */
export function pointers({ crl, ocsp }: { readonly crl?: string; readonly ocsp?: string }): RawExtension[] {
  const at = (url: string) => tlv(0x86, Buffer.from(url));
  const points = (url: string) => sequence(sequence(tlv(0xa0, tlv(0xa0, at(url)))));
  const access = (url: string) => sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), at(url)));
  return [
    ...(crl === undefined ? [] : [{ type: "2.5.29.31", value: points(crl) }]),
    ...(ocsp === undefined ? [] : [{ type: "1.3.6.1.5.5.7.1.1", value: access(ocsp) }]),
  ];
}
