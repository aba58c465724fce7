import { X509Certificate } from "node:crypto";
import type { OpenAuthority } from "./open-authority.ts";
import { readSubject } from "./read-subject.ts";
import type { Subject } from "./subject.ts";

/** The subject of somebody who belongs to an authority: where it lives, their units, their name. */
export function personSubject(
  { signer }: Pick<OpenAuthority, "signer">,
  person: { readonly commonName: string; readonly organizationalUnits?: readonly string[] },
): Subject {
  const place = readSubject(new X509Certificate(signer.certificatePem).raw);
  return [
    ...place.filter((rdn) => "type" in rdn && rdn.type !== "CN"),
    ...(person.organizationalUnits ?? []).map((value) => ({ type: "OU", value })),
    { type: "CN", value: person.commonName },
  ];
}
