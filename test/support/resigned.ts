import { createPrivateKey, sign } from "node:crypto";
import type { Issued } from "@sallyport/certs";
import type { Identity } from "./test-authority.ts";

/**
 * The same certificate with other octets in it, signed anew by an authority with an EC key: for what no tool would issue.
 * @param change edits the TBSCertificate in place; its length must stay
 */
export function resigned(
  { cert, key }: Identity,
  authority: Pick<Issued, "privateKeyPem">,
  change: (tbs: Buffer) => void,
): Identity {
  const der = Buffer.from(cert.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
  const tbs = Buffer.from(element(der, header(der, 0)));
  change(tbs);
  const algorithm = element(der, header(der, 0) + tbs.length);
  const signature = sign("sha256", tbs, createPrivateKey(authority.privateKeyPem));
  const whole = wrap(
    0x30,
    Buffer.concat([tbs, algorithm, wrap(0x03, Buffer.concat([Buffer.of(0), signature]))]),
  );
  const base64 = whole.toString("base64").replaceAll(/.{1,64}/g, "$&\n");
  return { cert: `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`, key };
}

/** Where the content of the element at an index begins. */
function header(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1);
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

/** The whole element at an index. */
function element(der: Buffer, at: number): Buffer {
  const start = header(der, at);
  const length = start === at + 2 ? der.readUInt8(at + 1) : der.readUIntBE(at + 2, start - at - 2);
  return der.subarray(at, start + length);
}

function wrap(tag: number, content: Buffer): Buffer {
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
