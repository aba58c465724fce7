import forge from "node-forge";

/** What goes into a `.p12`: one key, its certificate, and the certificates above it. */
export type Pkcs12Contents = {
  /** PKCS#8, RSA: node-forge knows no other key. */
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** The authorities above the certificate, nearest first. */
  readonly chainPem: readonly string[];
  /** What keychains and `pk12util -L` list it as. */
  readonly friendlyName: string;
  readonly password: string;
};

/**
 * Writes a PKCS#12 file (RFC 7292).
 *
 * The key is enciphered with pbeWithSHAAnd3-KeyTripleDES-CBC and the file carries an HMAC-SHA-1. Both are old on
 * purpose. macOS and Windows before 2019 refuse the AES and SHA-256 that OpenSSL 3 writes by default, and OpenSSL 3
 * refuses the RC2 that they once wrote unless `-legacy` is given: this pair is what all of them open. It does not have
 * to withstand much, because the same key lies beside it in the clear: mode 0600 protects both.
 */
export function createPkcs12(contents: Pkcs12Contents): Uint8Array {
  const { privateKeyPem, certificatePem, chainPem, friendlyName, password } = contents;
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(privateKeyPem),
    [certificatePem, ...chainPem].map((pem) => forge.pki.certificateFromPem(pem)),
    password,
    { algorithm: "3des", count: 10_000, friendlyName },
  );
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), "latin1");
}

/** Is this a PKCS#12 file that this password opens? */
export function opensPkcs12(file: Uint8Array, password: string): boolean {
  try {
    forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(Buffer.from(file).toString("latin1")), password);
    return true;
  } catch {
    return false;
  }
}
