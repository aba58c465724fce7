import { X509Certificate } from "./x509.ts";
import forge from "node-forge";
import { shortNameOf } from "./subject.ts";
import type { Attribute, Subject } from "./subject.ts";

const { Type } = forge.asn1;

/** The subject of a certificate in DER. */
export function readSubject(certificate: Uint8Array): Subject {
  const { subjectName } = new X509Certificate(new Uint8Array(certificate));
  return readName(new Uint8Array(subjectName.toArrayBuffer()));
}

/**
 * Attributes from the DER of a name, in its order. What is neither UTF8String, PrintableString nor IA5String, or no
 * valid UTF-8, is left as the DER of its value.
 */
export function readName(der: Uint8Array): Subject {
  const name = forge.asn1.fromDer(Buffer.from(der).toString("latin1"));
  return children(name).map((rdn) => {
    const attributes = children(rdn).map(readAttribute);
    const [first] = attributes;
    return first && attributes.length === 1 ? first : attributes;
  });
}

function readAttribute(node: forge.asn1.Asn1): Attribute {
  const [oid, value] = children(node);
  if (!oid || !value) throw new TypeError("The name is damaged");
  const type = forge.asn1.derToOid(oid.value as string);
  return {
    type: shortNameOf(type),
    value: text(value) ?? Buffer.from(forge.asn1.toDer(value).getBytes(), "latin1"),
  };
}

function text({ type, value }: forge.asn1.Asn1): string | undefined {
  if (typeof value !== "string" || ![Type.UTF8, Type.PRINTABLESTRING, Type.IA5STRING].includes(type))
    return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, "latin1"));
  } catch {
    return undefined;
  }
}

function children({ value }: forge.asn1.Asn1): readonly forge.asn1.Asn1[] {
  return typeof value === "string" ? [] : value;
}

/** A subject by RFC 4514: the last attribute first, and what could be taken for something else behind a backslash. */
export function printSubject(subject: Subject): string {
  const rdns = subject.map((rdn) => ("type" in rdn ? [rdn] : rdn).map(printAttribute).join("+"));
  return rdns.toReversed().join(",");
}

function printAttribute({ type, value }: Attribute): string {
  if (typeof value !== "string") return `${type}=#${Buffer.from(value).toString("hex")}`;
  const escaped = value
    .replace(/[\\"+,;<>]/g, "\\$&")
    .replace(/^[ #]| $/g, "\\$&")
    .replace(
      /\p{Cc}/gu,
      (character) =>
        `\\${Buffer.from(character)
          .toString("hex")
          .replace(/..(?=.)/g, "$&\\")}`,
    );
  return `${type}=${escaped}`;
}
