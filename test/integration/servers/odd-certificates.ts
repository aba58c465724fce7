/** More than a hundred certificates that differ in everything mod_ssl has a variable for. */
import {
  generalizedTime, generalNames, oid, sequence, stringTags, subjectAltName, tlv, userPrincipalName, utcTime, utf8,
  type DerAttribute,
} from "../../../packages/identity/src/testing/der.ts"; // prettier-ignore
import type { Fields, KeyKind, SignatureKind } from "./mint.ts";

export type OddCertificate = Fields & {
  readonly key?: KeyKind;
  /** Which of {@link oddAuthorities} signs; the first unless given. */
  readonly authority?: number;
};

type Subject = Fields["subject"];

const types = {
  C: "2.5.4.6", ST: "2.5.4.8", L: "2.5.4.7", O: "2.5.4.10", OU: "2.5.4.11", CN: "2.5.4.3", title: "2.5.4.12",
  initials: "2.5.4.43", GN: "2.5.4.42", SN: "2.5.4.4", description: "2.5.4.13", UID: "0.9.2342.19200300.100.1.1",
  emailAddress: "1.2.840.113549.1.9.1", serialNumber: "2.5.4.5", DC: "0.9.2342.19200300.100.1.25", street: "2.5.4.9",
} as const; // prettier-ignore
const named = (type: keyof typeof types, value: string | Buffer): DerAttribute => [
  types[type],
  typeof value === "string" ? utf8(value) : value,
];
const cn = (value: string | Buffer): Subject => [[named("C", "US")], [named("CN", value)]];
const each = (...attributes: readonly DerAttribute[]): Subject => attributes.map((attribute) => [attribute]);

const utf16 = (text: string) => Buffer.from(text, "utf16le").swap16();
const utf32 = (text: string) =>
  Buffer.concat(
    Array.from(text, (character) => {
      const octets = Buffer.alloc(4);
      octets.writeUInt32BE(character.codePointAt(0) ?? 0);
      return octets;
    }),
  );
const latin1 = (text: string) => Buffer.from(text, "latin1");

const authorities: readonly (readonly [Subject, KeyKind, SignatureKind])[] = [
  [cn("Test Authority"), "P-256", "ecdsa-sha256"],
  [
    each(named("O", "Société, \"Élan\""), named("OU", "one"), named("OU", "two"), named("CN", tlv(stringTags.t61, latin1("Autorité")))),
    "RSA",
    "rsa-sha256",
  ],
  [[[named("O", "a+b"), named("CN", "Zwei; Teile <#>")], [["1.2.3.4.5", utf8("private")]]], "Ed25519", "ed25519"],
  [each(named("CN", "ends with a space "), named("emailAddress", tlv(stringTags.ia5, latin1("ca@test.example"))), named("O", "so do I ")), "P-384", "ecdsa-sha384"],
  [each(named("DC", "test"), named("CN", tlv(stringTags.bmp, utf16("山田/認証局\\")))), "RSA", "rsa-pss"],
  [each(named("CN", "control\r\n\0\x7f"), named("title", "Doctor")), "P-521", "ecdsa-sha512"],
  [each(named("CN", "")), "RSA", "rsa-sha512"],
]; // prettier-ignore
export const oddAuthorities = authorities;

const texts: Record<string, string> = {
  Grace: "Grace Hopper", "a comma": "Hopper, Grace", "a plus sign": "a+b", quotes: '"Grace" said', "a semicolon": "a;b",
  angles: "<b>Grace</b>", "an equals sign": "a=b", slashes: "Mallory/O=x/CN=Grace Hopper", "a backslash": "a\\b",
  "what looks like an escape": "a\\41\\,b", "a backslash at the end": "a\\", "a # in front": "#41", "a # inside": "a#b", "a # alone": "#",
  "a space in front": " Grace", "a space at the end": "Grace ", "spaces around": "  Grace  ", "a space alone": " ", "two spaces": "  ",
  "spaces inside": "a  b", "nothing": "", "one letter": "x", "a line break": "Mallory\r\nSSL_CLIENT_S_DN: CN=Grace Hopper",
  "two line breaks": "x\r\n\r\nGET / HTTP/1.1\r\n\r\n", NUL: "Grace\0Mallory", "NUL at the end": "Grace\0", "TAB and DEL": "\ta\x7f",
  "a TAB at the end": "Grace\t", "every control": Array.from({ length: 32 }, (_, at) => String.fromCharCode(at)).join(""),
  "C1 controls": "a\u0080\u0085\u009f", "line separators": "a\u2028b\u2029c", "direction overrides": "a\u202eb\u2066c\u200f",
  "a zero width space": "a\u200bb", "a byte order mark": "\ufeffGrace", "a no-break space": "\u00a0Grace\u00a0x", "é": "José", "Ł": "Łódź",
  "a letter and its accent": "Jose\u0301", 山田: "山田 太郎", Arabic: "محمد", emoji: "🦆🦉", "the last character": "x\u{10ffff}",
  "(null)": "(null)", "a hyphen": "-", SUCCESS: "SUCCESS", "percent signs": "100%41%s%n", "a colon": "a: b", "300 letters": "G".repeat(300),
  "4000 letters": "山".repeat(1300), "9000 letters": "G".repeat(9000), "letters that are LF in Latin-1": "x\u010d\u010ay",
  "all of ASCII": Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("").trim(),
}; // prettier-ignore

const strings: Record<string, Buffer> = {
  PrintableString: tlv(stringTags.printable, latin1("Grace Hopper")),
  "PrintableString that is none": tlv(stringTags.printable, latin1("Grace@Hopper*")),
  NumericString: tlv(stringTags.numeric, latin1("12 34")),
  IA5String: tlv(stringTags.ia5, latin1("grace@test.example")),
  "IA5String beyond ASCII": tlv(stringTags.ia5, latin1("Jos\xe9")),
  T61String: tlv(stringTags.t61, latin1("Jos\xe9 \xa4")),
  "T61String with a comma and a control": tlv(stringTags.t61, latin1("a,\x01\xff")),
  BMPString: tlv(stringTags.bmp, utf16("José 山田")),
  "BMPString of ASCII": tlv(stringTags.bmp, utf16("Grace")),
  "BMPString that is empty": tlv(stringTags.bmp),
  UniversalString: tlv(stringTags.universal, utf32("José 🦆")),
  "a BIT STRING": tlv(3, Buffer.from([0, 0x47, 0x72])),
  "a SEQUENCE": sequence(utf8("Grace")),
};

const subjects: Record<string, Subject> = {
  "every part": each(
    named("C", "US"), named("ST", "Virginia"), named("L", "Arlington"), named("O", "Navy"), named("OU", "Harvard"), named("CN", "Grace Hopper"),
    named("title", "Rear Admiral"), named("initials", "GBM"), named("GN", "Grace"), named("SN", "Hopper"),
    named("description", "a description"), named("UID", "ghopper"), named("emailAddress", tlv(stringTags.ia5, latin1("grace@test.example"))),
  ),
  "parts without a variable": each(named("DC", "test"), named("DC", "example"), named("serialNumber", "42"), named("street", "Main Street 1"), named("CN", "x")),
  "three OUs": each(named("OU", "one"), named("OU", "two, three"), named("OU", "four"), named("CN", "x")),
  "OUs, one of them empty": each(named("OU", ""), named("OU", "two"), named("CN", "x")),
  "two CNs": each(named("CN", "Mallory"), named("CN", "Grace Hopper")),
  "two CNs in one RDN": [[named("CN", "Mallory"), named("CN", "Grace Hopper")]],
  "a multi-valued RDN": [[named("C", "US")], [named("CN", "Grace"), named("UID", "ghopper")]],
  "a multi-valued RDN of four": [[named("O", "z"), named("OU", "y, x"), named("CN", "w"), named("emailAddress", "v@test.example")]],
  "the CN first": each(named("CN", "Grace"), named("O", "Navy"), named("C", "US")),
  "a space at either end": each(named("CN", "Grace "), named("C", "US"), named("O", " Navy")),
  "no CN": each(named("O", "Navy")),
  "an unknown type": each(["1.2.3.4.5", utf8("private")], named("CN", "x")),
  "an unknown type, in Latin-1": each(["1.2.3.4.5", tlv(stringTags.t61, latin1("\xe9"))], named("CN", "x")),
  "an unknown type with large arcs": each(["2.999.4294967296.1", utf8("x")], named("CN", "x")),
  "odd types": each(
    ...["2.5.4.15", "2.5.4.16", "2.5.4.17", "2.5.4.18", "2.5.4.20", "2.5.4.41", "2.5.4.44", "2.5.4.46", "2.5.4.65", "2.5.4.72", "2.5.4.97",
      "0.9.2342.19200300.100.1.3", "1.2.840.113549.1.9.2", "1.2.840.113549.1.9.8", "1.3.6.1.4.1.311.60.2.1.3"].map((type): DerAttribute => [type, utf8(`of ${type}`)]),
    named("CN", "x"),
  ),
  "uniqueIdentifier, which OpenSSL calls uid": each(["0.9.2342.19200300.100.1.44", utf8("unique")], named("CN", "x")),
  "forty RDNs": each(...Array.from({ length: 39 }, (_, at) => named("OU", `unit ${at}`)), named("CN", "x")),
  "no subject at all": [],
}; // prettier-ignore

const { email, dns, uri, ip, other } = generalNames;
const upn = (value: Buffer) => other(userPrincipalName, value);
const alternatives: Record<string, readonly Buffer[]> = {
  "an e-mail address": [email("grace@test.example")],
  "three e-mail addresses": [email("a@test.example"), email("b@test.example"), email("c@test.example")],
  "DNS names": [dns("grace.test"), dns("*.grace.test"), dns("xn--e1afmkfd.test")],
  "a UPN": [upn(utf8("grace@upn.test"))],
  "two UPNs, beyond ASCII": [upn(utf8("josé@upn.test")), upn(utf8("山田@upn.test"))],
  "a UPN that is no UTF8String before one that is": [upn(tlv(stringTags.ia5, latin1("a@upn.test"))), upn(utf8("b@upn.test"))],
  "every kind": [
    uri("spiffe://test/grace"), email("grace@test.example"), dns("grace.test"), ip(192, 0, 2, 1), ip(...Array.from({ length: 16 }, (_, at) => at)),
    upn(utf8("grace@upn.test")), other("1.2.3.4", utf8("other")), tlv(0xa4, sequence(tlv(0x31, sequence(oid(types.CN), utf8("x"))))), tlv(0x88, Buffer.from([0x2a, 3])),
  ],
  "NUL and line breaks": [email("grace@test.example\0mallory"), dns("a\r\nb"), upn(utf8("c\0\r\nd"))],
  "backslashes and commas": [email("a\\b,c\\41@test.example"), dns("a\\"), upn(utf8("a\\0Db"))],
  "Latin-1": [email("jos\xe9@test.example"), dns("caf\xe9.test")],
  "empty ones": [email(""), email("b@test.example"), dns(""), upn(utf8("")), upn(utf8("b@upn.test"))],
  "spaces around": [email(" a@test.example"), dns("a "), upn(utf8("a b ")), email("b@test.example")],
  "twelve DNS names": Array.from({ length: 12 }, (_, at) => dns(`n${at}.test`)),
}; // prettier-ignore

const serials = [
  "00", "01", "0a", "7f", "0080", "00ff", "ff", "80", "ff7f", "8000", "0100", "7fffffffffffffffffffffffffffffffffffffff",
  "00ffffffffffffffffffffffffffffffffffffffff", "80000000000000000000000000000000000000ff", "12".repeat(34), "12".repeat(35), "12".repeat(36), "34".repeat(71),
]; // prettier-ignore

const dates: Record<string, readonly [Buffer, Buffer]> = {
  "UTCTime to 2049": [utcTime("210305040506Z"), utcTime("491231235959Z")],
  "UTCTime from 1950": [utcTime("500101000000Z"), utcTime("490909090909Z")],
  "to 2050": [utcTime("000229000000Z"), generalizedTime("20500101000000Z")],
  "to 9999": [generalizedTime("19700101000000Z"), generalizedTime("99991231235959Z")],
  "from the year 900": [generalizedTime("09000101000000Z"), generalizedTime("30000630120000Z")],
};

const people: readonly (readonly [string, OddCertificate])[] = [
  ...Object.entries(texts).map(([name, text]) => [`a CN with ${name}`, { subject: cn(text) }] as const),
  ...Object.entries(strings).map(
    ([name, value]) => [`a CN that is ${name}`, { subject: cn(value) }] as const,
  ),
  ...Object.entries(subjects).map(([name, subject]) => [name, { subject }] as const),
  ...Object.entries(alternatives).map(
    ([name, names]) =>
      [`alternative names: ${name}`, { subject: cn("x"), extensions: [subjectAltName(...names)] }] as const,
  ),
  ...serials.map(
    (hex) => [`the serial ${hex}`, { subject: cn("x"), serial: Buffer.from(hex, "hex") }] as const,
  ),
  ...Object.entries(dates).map(([name, validity]) => [name, { subject: cn("x"), validity }] as const),
  ...(["P-384", "P-521", "RSA", "RSA-PSS", "Ed25519"] as const).map(
    (key) => [`a key of ${key}`, { subject: cn("x"), key }] as const,
  ),
  ...authorities.map(
    (_, authority) =>
      [`authority ${authority}`, { subject: cn("x"), authority, serial: Buffer.from([authority]) }] as const,
  ),
  ["version 1", { subject: cn("x"), version: 1 }],
];

export const oddCertificates = people;
