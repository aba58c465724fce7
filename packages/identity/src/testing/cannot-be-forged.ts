/** What every dialect has to stand, with the forgeries that its own grammar invites. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { AssertedIdentity, Dialect, HeaderLine } from "../dialects/dialect.ts";
import { cpuTime } from "./cpu-time.ts";
import { generalNames, subjectAltName, utf8, type DerAttribute } from "./der.ts";
import { hostileLines, hostileOctets, hostileText, overTheWire } from "./hostile.ts";
import { outcomeOf } from "./outcome-of.ts";
import { saysNothingElse } from "./says-nothing-else.ts";
import { grace, personCalled, visitOf } from "./visits.ts";

type AltNameKind = "emails" | "dnsNames" | "uris";

export type Forging = {
  readonly variables?: readonly string[] | undefined;
  /** Values that look like fields of the dialect. */
  readonly forgeries: readonly string[];
  /** The kinds of alternative names that the dialect carries. */
  readonly altNames?: readonly AltNameKind[];
};

/**
 * Certificates with hostile names: each is read back as it is, or refused as `subject-ambiguous` when it is written.
 * @returns how many were carried
 */
export function assertCannotBeForged(
  dialect: Dialect,
  { variables, forgeries, altNames = [] }: Forging,
): number {
  const types = fc.constantFrom(
    "2.5.4.3",
    "2.5.4.10",
    "2.5.4.11",
    "2.5.4.5",
    "1.2.840.113549.1.9.1",
    "1.2.3.4",
  );
  const values = fc.oneof(
    fc.constantFrom("Grace Hopper", "Mallory"),
    hostileText(),
    fc.constantFrom(...forgeries),
  );
  const wild = fc.array(fc.array(fc.tuple(types, values), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  });
  const ordinary = fc
    .tuple(values, values)
    .map(([unit, name]): [string, string][][] => [[["2.5.4.11", unit]], [["2.5.4.3", name]]]);
  // A third of the subjects are plain, so that every dialect has many to carry, whatever the seed.
  const plain = fc
    .constantFrom("Grace Hopper", "Mallory", "Test Subject")
    .map((name): [string, string][][] => [[["2.5.4.11", "Research"]], [["2.5.4.3", name]]]);
  const names = (usual: string) =>
    fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, hostileOctets(), fc.constantFrom(...forgeries)),
      {
        maxLength: 2,
      },
    );
  let carried = 0;
  fc.assert(
    fc.property(
      fc.oneof(wild, ordinary, plain),
      fc.option(
        fc.tuple(names("mallory@flask.local"), names("mallory.flask.local"), names("spiffe://flask.local/m")),
      ),
      (rdns, alternatives) => {
        const [emails, dnsNames, uris] = alternatives ?? [[], [], []];
        const subject = rdns.map((rdn) => rdn.map(([type, value]): DerAttribute => [type, utf8(value)]));
        const extension = subjectAltName(
          ...emails.map(generalNames.email),
          ...dnsNames.map(generalNames.dns),
          ...uris.map(generalNames.uri),
        );
        const certificate = personCalled("", { subject, extensions: alternatives ? [extension] : [] });
        let lines: HeaderLine[] = [];
        const written = outcomeOf(() => {
          lines = dialect.write(visitOf(certificate), { variables });
        });
        if (written !== "accepted") {
          assert.equal(written, "subject-ambiguous");
          return;
        }
        const asserted: AssertedIdentity | undefined = dialect.read(overTheWire(lines));
        saysNothingElse(asserted, certificate);
        assert.ok(asserted?.subject);
        for (const kind of altNames) assert.deepEqual(asserted[kind], certificate.subjectAltNames[kind]);
        carried += 1;
      },
    ),
    { numRuns: 500 },
  );
  return carried;
}

/** Lines that nobody honest wrote: an answer or an IdentityError, never another error. */
export function assertRefusesHostileLines(dialect: Dialect, variables?: readonly string[]): void {
  const honest = dialect.write(visitOf(grace), { variables });
  fc.assert(
    fc.property(hostileLines(honest), (lines) => {
      outcomeOf(() => dialect.read(lines));
    }),
    { numRuns: 1000 },
  );
}

/** Long values made of the given pieces are answered or refused in time that grows with their length alone. */
export function assertLinear(
  dialect: Dialect,
  pieces: readonly string[],
  variables?: readonly string[],
): void {
  const honest = dialect.write(visitOf(grace), { variables });
  for (const [at, [name, value]] of honest.entries()) {
    for (const piece of [...pieces, value]) {
      for (const text of [
        piece.repeat(300_000 / piece.length),
        value + piece.repeat(300_000 / piece.length),
      ]) {
        const started = cpuTime();
        outcomeOf(() => dialect.read(honest.with(at, [name, text])));
        const took = cpuTime() - started;
        assert.ok(took < 500, `${name}: ${JSON.stringify(piece.slice(0, 20))} took ${took} ms`);
      }
    }
  }
}
