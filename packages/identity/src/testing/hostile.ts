/** Text and header lines that try to be something else. */
import fc from "fast-check";
import type { HeaderLine } from "../dialects/dialect.ts";

/** Whatever ends a field, a value, a line or a name somewhere; what is trimmed, turned around or not ASCII. */
const unit = fc.constantFrom(
  ...Array.from("ab Z\"';,=\\%+:/<>#&\r\n\0\t\x7f\x85\u00a0éÀ\u202e\u2066\u2028\u200d🦆20"),
);

/** Values of a certificate's names. */
export const hostileText = (maxLength = 8): fc.Arbitrary<string> => fc.string({ unit, maxLength });

/** The same for names that are octets: characters up to U+00FF. */
export const hostileOctets = (maxLength = 8): fc.Arbitrary<string> =>
  hostileText(maxLength).map((text) => Buffer.from(text).toString("latin1"));

/** What a client that got past everything might send under the given names: some lines left out, repeated, respelled or garbled. */
export function hostileLines(honest: readonly HeaderLine[]): fc.Arbitrary<HeaderLine[]> {
  const garbled = honest.map(([name, value]) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant<HeaderLine[]>([[name, value]]) },
      fc.constant<HeaderLine[]>([]),
      fc.constant<HeaderLine[]>([[name, value], [name.replaceAll("-", "_"), value]]), // prettier-ignore
      hostileOctets(20).map((text): HeaderLine[] => [[name, text]]),
      hostileOctets(4).map((text): HeaderLine[] => [[name, value + text]]),
      fc
        .tuple(fc.nat(value.length), hostileOctets(3))
        .map(([at, text]): HeaderLine[] => [
          [name, value.slice(0, at) + text + value.slice(at + text.length)],
        ]),
    ),
  );
  return fc.tuple(...garbled).map((lines) => lines.flat());
}

/** What a strict HTTP receiver makes of the lines: spaces around a value are not part of it. Throws what Node would refuse. */
export function overTheWire(lines: readonly HeaderLine[]): HeaderLine[] {
  return lines.map(([name, value]) => {
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new TypeError(`${name} cannot be sent`);
    return [name, value.replace(/^[ \t]+|[ \t]+$/g, "")];
  });
}
