/** Names that certificates may hold and hardly ever do, as DER: every string type, odd characters, odd structure. */
import { sequence, stringTags, tlv, utf8, type DerAttribute } from "./der.ts";

export type OddName = {
  readonly what: string;
  readonly rdns: readonly (readonly DerAttribute[])[];
};

const commonName = "2.5.4.3";
const named = (what: string, value: Buffer, type = commonName): OddName => ({
  what,
  rdns: [[[type, value]]],
});

const encoders = {
  utf8,
  bmp: (text: string) => tlv(stringTags.bmp, fixedWidth(text, 2)),
  universal: (text: string) => tlv(stringTags.universal, fixedWidth(text, 4)),
  t61: (text: string) => tlv(stringTags.t61, Buffer.from(text, "latin1")),
  ia5: (text: string) => tlv(stringTags.ia5, Buffer.from(text, "latin1")),
  printable: (text: string) => tlv(stringTags.printable, Buffer.from(text, "latin1")),
  numeric: (text: string) => tlv(stringTags.numeric, Buffer.from(text, "latin1")),
} as const;

function fixedWidth(text: string, width: 2 | 4): Buffer {
  return Buffer.concat(
    Array.from(text, (character) => {
      const octets = Buffer.alloc(width);
      octets.writeUIntBE(character.codePointAt(0) ?? 0, 0, width);
      return octets;
    }),
  );
}

/** Texts of octets alone: every string type can hold them, as a strict encoder would not. */
const texts = [
  "", " ", "  ", "   ", "#", "##", " #", "# ", "#41", "a#", " a", "a ", " a ", "  two  both  ", "\\", "\\\\", "a\\", "\\20", '"', '""', 'a"b',
  '"quoted"', ",", ",,", "Hopper, Grace", "+", "a+b", ";", "<a>", "=", "a=b=c", "/", "/CN=Grace Hopper", "Mallory/CN=Grace Hopper",
  "Mallory,CN=Grace Hopper", "Mallory+CN=Grace Hopper", "(null)", "\r\n", "a\r\nSSL_CLIENT_S_DN: x", "\0", "Grace\0Mallory", "\t\x0b\x7f",
  "\x1b[2J\x1b", "\x80\x85\x9f\xa0\xad", "Jos\xe9", "\xe9", "\xff", "a*b(c)", "'`$&|!%?@~^{}[]", "x".repeat(127), "x".repeat(128), "x".repeat(3000),
]; // prettier-ignore

/** Texts that need more than an octet a character. */
const wideTexts = [
  "\u0100", "山田", "山田 太郎", "José, 山田", "\u010d\u010a", "\u0d0a\u0a0d", "Zoe\u0308", "\u202eecarG", "\u2066a\u2069", "a\u2028b\u2029c", "\u200b", "\ufeff",
  "\ufeffx", "\ufffd", "\u0430\u0441\u0435", "\uff03\uff0c\uff0b", "\u3000a\u3000", "\ufb01", "\u0130\u0131", "\ue000",
]; // prettier-ignore
const astralTexts = ["🦆", "🦆 duck", "\u{10000}", "\u{10fffd}", "\u{e0001}a", "👩‍💻"];

function everyText(): OddName[] {
  return Object.entries(encoders).flatMap(([encoding, encode]) => [
    ...texts,
    ...(["utf8", "bmp", "universal"].includes(encoding) ? wideTexts : []),
    ...(["utf8", "universal"].includes(encoding) ? astralTexts : []),
  ].map((text) => named(`${JSON.stringify(text.slice(0, 40))} (${text.length}) as ${encoding}`, encode(text)))); // prettier-ignore
}

function everyOctet(): OddName[] {
  const codes = Array.from({ length: 256 }, (_, code) => code);
  return codes.map((code) => {
    const character = String.fromCharCode(code);
    return {
      what: `U+00${code.toString(16).padStart(2, "0")} first, last, doubled and alone`,
      rdns: [
        [[commonName, encoders.utf8(`${character}a`)]],
        [[commonName, encoders.t61(`a${character}`)]],
        [[commonName, encoders.printable(`${character}${character}`)]],
        [["2.5.4.11", encoders.bmp(character)]],
      ],
    };
  });
}

const types = [
  "2.5.4.4", "2.5.4.5", "2.5.4.6", "2.5.4.9", "2.5.4.12", "2.5.4.16", "2.5.4.17", "2.5.4.33", "2.5.4.42", "2.5.4.46", "2.5.4.51", "2.5.4.65", "2.5.4.72",
  "2.5.4.97", "2.5.4.100", "0.9.2342.19200300.100.1.1", "0.9.2342.19200300.100.1.3", "0.9.2342.19200300.100.1.25", "0.9.2342.19200300.100.1.60",
  "1.2.840.113549.1.9.1", "1.2.840.113549.1.9.2", "1.2.840.113549.1.9.15", "1.3.6.1.4.1.311.60.2.1.3", "1.3.6.1.4.1.311.60.2.1.4", "1.2.643.100.1", "1.2.643.100.3",
  "1.2.643.3.131.1.1", "1.3.6.1.5.5.7.9.3", "2.5.4.255", "1.2.3.4.5", "0.0", "0.39.1", "1.0", "1.39.16384", "2.0.1", "2.47.127", "2.999.1", "1.3.6.1.4.1.4294967295.1",
]; // prettier-ignore

function everyType(): OddName[] {
  return types.flatMap((type) => [
    named(`a UTF8String of type ${type}`, utf8("é, x"), type),
    named(`a BIT STRING of type ${type}`, tlv(3, Buffer.from([0, 0xde, 0xad])), type),
    named(`an empty PrintableString of type ${type}`, encoders.printable(""), type),
  ]);
}

const notText: readonly OddName[] = [
  named("a BIT STRING with unused bits", tlv(3, Buffer.from([4, 0xf0]))),
  named("a SEQUENCE of strings", sequence(utf8("1 Test Street"), utf8("Testville")), "2.5.4.16"),
  named("an empty SEQUENCE", sequence()),
  named("a REAL", tlv(9, Buffer.from([0x80, 0, 0x2b]))),
  named("a RELATIVE-OID", tlv(13, Buffer.from([0x2b, 0x2f]))),
  named("a SEQUENCE that reads as a name", sequence(utf8("/CN=Grace Hopper,CN=Grace Hopper"))),
];

/** DER asks for the attributes of an RDN sorted by their encoding; nobody checks. */
const structures: readonly OddName[] = [
  { what: "an empty name", rdns: [] },
  { what: "an RDN in DER order", rdns: [sorted([[commonName, utf8("Grace")], ["0.9.2342.19200300.100.1.1", utf8("ghopper")]])] },
  { what: "an RDN against DER order", rdns: [sorted([[commonName, utf8("Grace")], ["0.9.2342.19200300.100.1.1", utf8("ghopper")]]).toReversed()] },
  { what: "three values in an RDN", rdns: [sorted([["2.5.4.10", utf8("z,")], [commonName, utf8("b+")], ["2.5.4.11", utf8(" a ")]])] },
  { what: "two CNs in an RDN", rdns: [[[commonName, utf8("Mallory")], [commonName, utf8("Grace Hopper")]]] },
  { what: "the same CN twice in an RDN", rdns: [[[commonName, utf8("a")], [commonName, utf8("a")]]] },
  { what: "two CNs in two RDNs", rdns: [[[commonName, utf8("Mallory")]], [[commonName, utf8("Grace Hopper")]]] },
  { what: "mixed RDNs", rdns: [[["2.5.4.6", encoders.printable("US")]], [["1.2.3", utf8("x")], [commonName, utf8("a")]], [["2.5.4.11", encoders.bmp("山")]]] },
  { what: "every string type in one RDN", rdns: [Object.values(encoders).map((encode) => [commonName, encode("1")] as const)] },
  { what: "200 RDNs", rdns: Array.from({ length: 200 }, (_, at) => [["2.5.4.11", utf8(`unit ${at}`)] as const]) },
  { what: "a value of 20000 octets", rdns: [[[commonName, utf8("x, ".repeat(6667))]]] },
  { what: "a value of 20000 characters", rdns: [[[commonName, utf8("é".repeat(20_000))]]] },
]; // prettier-ignore

function sorted(attributes: readonly DerAttribute[]): DerAttribute[] {
  return [...attributes].sort(([a, x], [b, y]) => a.localeCompare(b) || Buffer.compare(x, y));
}

/** Every one of them is in a certificate that openssl reads. */
export const oddNames: readonly OddName[] = [
  ...structures,
  ...notText,
  ...everyType(),
  ...everyText(),
  ...everyOctet(),
];
