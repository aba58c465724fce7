import { execFileSync } from "node:child_process";

/** A PKCS#10 request for a new key, in base64, made by OpenSSL. */
export function request(subject: string): string {
  const words = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null", "-subj", subject, "-outform", "DER"]; // prettier-ignore
  return execFileSync("openssl", words, { stdio: ["ignore", "pipe", "ignore"] }).toString("base64");
}
