import { createPublicKey } from "node:crypto";
import * as x509 from "./x509.ts";
import type { AlternativeName } from "./authority.ts";
import { CertsError } from "./certs-error.ts";
import { keyAlgorithmOf } from "./key-pair.ts";
import { readName } from "./read-subject.ts";
import type { Subject } from "./subject.ts";

/** The names in a request or a certificate. */
export type Names = { readonly subject: Subject; readonly alternativeNames: readonly AlternativeName[] };

/** A request whose sender has been seen to hold the private key, and what it asks for. */
export type ProvenRequest = Names & {
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
};

const signatures = ["SHA-256", "SHA-384", "SHA-512"];
const kinds: readonly string[] = ["dns", "ip", "email", "url", "upn"] satisfies AlternativeName["type"][];

/**
 * Reads a PKCS#10 request (RFC 2986), PEM or DER, and checks that it is signed with the key it is for. Of its
 * extensions only subjectAltName is read: what a certificate may do is never its holder's to say.
 *
 * @throws CertsError when it cannot be read, its signature does not fit, or its key or a name is of a kind that is not
 *   issued here.
 */
export async function readRequest(given: string | Uint8Array): Promise<ProvenRequest> {
  const request = parse(given);
  const publicKey = new Uint8Array(request.publicKey.rawData);
  refuseKey(publicKey);
  const { hash } = request.signatureAlgorithm as { hash?: { name?: string } };
  if (!signatures.includes(hash?.name ?? ""))
    throw new CertsError(
      "The request is not signed with SHA-256 or better. Make a new one: openssl req -new -sha256",
    );
  if (!(await request.verify().catch(() => false)))
    throw new CertsError(
      "The request is not signed with the key it asks a certificate for: its sender may not have that key.",
    );
  const extension = request.getExtension("2.5.29.17");
  return {
    subject: readName(new Uint8Array(request.subjectName.toArrayBuffer())),
    alternativeNames: extension ? readAlternativeNames(new Uint8Array(extension.rawData)) : [],
    publicKey,
  };
}

/** @throws CertsError when one of them is of a kind that is not issued here */
export function readAlternativeNames(extension: Uint8Array<ArrayBuffer>): readonly AlternativeName[] {
  const { names } = new x509.SubjectAlternativeNameExtension(extension);
  return names.items.map(({ type, value }) => {
    if (!kinds.includes(type))
      throw new CertsError(
        `A subjectAltName of the kind ${type} is not issued here, only ${kinds.join(", ")}.`,
      );
    return { type: type as AlternativeName["type"], value };
  });
}

function parse(given: string | Uint8Array): x509.Pkcs10CertificateRequest {
  try {
    const text = typeof given === "string" ? given : Buffer.from(given).toString("latin1");
    if (!text.includes("-----BEGIN"))
      return new x509.Pkcs10CertificateRequest(new Uint8Array(Buffer.from(given)));
    const [der, ...more] = x509.PemConverter.decode(text);
    if (!der || more.length > 0) throw new TypeError("It holds more than one element");
    return new x509.Pkcs10CertificateRequest(der);
  } catch {
    throw new CertsError("It is not a certificate request (PKCS#10). Make one: openssl req -new");
  }
}

function refuseKey(publicKey: Uint8Array): void {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
    const { modulusLength = 2048 } = key.asymmetricKeyDetails ?? {};
    if (keyAlgorithmOf(key) && modulusLength >= 2048 && modulusLength <= 8192) return;
  } catch {
    // said below
  }
  throw new CertsError(
    "The request's key is neither RSA of 2048 bits or more nor on the curves P-256 or P-384.",
  );
}
