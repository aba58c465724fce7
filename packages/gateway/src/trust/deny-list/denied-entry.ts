/** One entry of a deny list: which certificates it means. */
import { comparableName, parseRfc4514, type Certificate } from "@sallyport/identity";
import { z } from "zod";

export type DeniedEntry = {
  /** What it is found by; the same for every spelling of the same thing. */
  readonly key: string;
  readonly note: string | undefined;
};

/** The keys that a certificate can be found by. */
export function keysOf({ serialNumber, issuer, sha256, spkiSha256 }: Certificate): readonly string[] {
  return [
    fingerprintKey(sha256),
    spkiKey(spkiSha256),
    serialKey(withoutZeros(serialNumber), comparableName(issuer)),
  ];
}

const fingerprintKey = (digest: string) => `fingerprint ${digest}`;
const spkiKey = (digest: string) => `spki ${digest}`;
/** A serial number is unique for its issuer only (RFC 5280 section 4.1.2.2). */
const serialKey = (serial: string, issuer: string) => `serial ${serial} ${issuer}`;

const text = z.string({
  error: ({ input }) =>
    typeof input === "number"
      ? "put it in quotes: without them YAML reads a number, and digits are lost"
      : "is no text: put it in quotes",
});

const shape = z.strictObject(
  {
    serial: text.optional(),
    issuer: text.optional(),
    fingerprint: text.optional(),
    spki: text.optional(),
    note: text.optional(),
  },
  { error: ({ code }) => (code === "invalid_type" ? 'must look like { serial: "0A:1B", issuer: "CN=..." }' : undefined) },
); // prettier-ignore

/**
 * @param issuerOf {@link comparableIssuer}: whoever reads many entries remembers what it gave
 * @throws Error whose message says what is wrong
 */
export function readDeniedEntry(value: unknown, issuerOf: typeof comparableIssuer): DeniedEntry {
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.map((key) => `${String(key)}: `).join("")}${message}`).join("; ")); // prettier-ignore
  }
  const { serial, issuer, fingerprint, spki, note } = parsed.data;
  const given = [serial, fingerprint, spki].filter((each) => each !== undefined);
  if (given.length !== 1) throw new Error("give one of serial (with issuer), fingerprint and spki");
  if ((serial === undefined) !== (issuer === undefined)) {
    throw new Error(
      serial === undefined
        ? "issuer belongs beside a serial"
        : "a serial needs its issuer: every authority counts for itself",
    );
  }
  if (fingerprint !== undefined) return { key: fingerprintKey(readDigest("fingerprint", fingerprint)), note };
  if (spki !== undefined) return { key: spkiKey(readSpki(spki)), note };
  return { key: serialKey(readSerial(serial ?? ""), issuerOf(issuer ?? "")), note };
}

const octets = /^(?:[0-9a-f]+|[0-9a-f]{1,2}(?::[0-9a-f]{2})+)$/i;

function readDigest(key: string, value: string): string {
  const digits = octets.test(value) ? value.replaceAll(":", "").toLowerCase() : "";
  if (digits.length === 64) return digits;
  throw new Error(`${key}: must be a SHA-256, 64 hexadecimal digits with or without colons`);
}

function readSpki(value: string): string {
  if (/^[A-Za-z0-9+/]{43}=$/.test(value)) return Buffer.from(value, "base64").toString("hex");
  return readDigest("spki", value);
}

/** RFC 5280 section 4.1.2.2: at most 20 octets. */
const longestSerial = 40;

function readSerial(value: string): string {
  const [, sign = "", magnitude = ""] = /^(-?)(?:0x)?(.*)$/is.exec(value) ?? [];
  if (!octets.test(magnitude)) throw new Error("serial: must be hexadecimal digits, with or without colons");
  const digits = withoutZeros(magnitude.replaceAll(":", "").toUpperCase());
  if (digits.length > longestSerial)
    throw new Error("serial: longer than the 20 octets of a serial number; give the fingerprint instead");
  return `${sign}${digits}`;
}

/** `00FF` and `FF` are one number, and zero is `0`. */
function withoutZeros(digits: string): string {
  return digits.replace(/^(-?)0+(?=.)/, "$1");
}

/** The text by which an issuer is compared. @throws Error */
export function comparableIssuer(text: string): string {
  try {
    const name = parseRfc4514(text);
    if (name.length > 0) return comparableName(name);
  } catch {
    // said below
  }
  throw new Error('issuer: must be a name as RFC 4514 writes it, "CN=Some Authority,C=US"');
}
