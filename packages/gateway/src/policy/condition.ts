/** What one rule asks of a certificate. Everything it names must hold; of a list, any one. */
import { attributeTypes, comparableName, type DistinguishedName } from "@sallyport/identity";
import type { TextKind } from "./comparison.ts";
import type { AltNameKind, Evidence, NameEvidence } from "./evidence.ts";
import { compilePattern, type PatternConfig } from "./pattern.ts";

/** A name: one of some whole names, or a pattern for each of some attributes. */
export type NameConfig =
  | { readonly names: readonly DistinguishedName[] }
  | {
      readonly attributes: readonly {
        /** Dotted OID. */
        readonly type: string;
        readonly patterns: readonly PatternConfig[];
      }[];
    };

/** At least one of its keys is there. */
export type ConditionConfig = {
  readonly subject?: NameConfig | undefined;
  readonly issuer?: NameConfig | undefined;
  readonly san?: Readonly<Partial<Record<AltNameKind, readonly PatternConfig[] | undefined>>> | undefined;
  /** As certificates print it: upper-case hex with an even number of digits. A serial means nothing without its issuer. */
  readonly serial?: readonly string[] | undefined;
  /** SHA-256 of the certificate and of its SubjectPublicKeyInfo, lower-case hex. */
  readonly fingerprint?: readonly string[] | undefined;
  readonly spki?: readonly string[] | undefined;
};

export type Effect = "allow" | "deny";

export type Condition = (evidence: Evidence) => boolean;

/**
 * When in doubt a condition holds for `deny` and does not for `allow`: the two compare differently, see
 * {@link literalParts}, and a name with two CNs is nobody to be let in.
 */
export function compileCondition(config: ConditionConfig, effect: Effect): Condition {
  const { subject, issuer, san = {}, serial, fingerprint, spki } = config;
  const asked: Condition[] = [];
  if (subject) {
    const matches = compileName(subject, effect);
    asked.push((evidence) => matches(evidence.subject));
  }
  if (issuer) {
    const matches = compileName(issuer, effect);
    asked.push((evidence) => matches(evidence.issuer));
  }
  for (const kind of altNameKinds) {
    const patterns = san[kind];
    if (!patterns) continue;
    const matches = anyOf(patterns, kind, effect);
    asked.push((evidence) => evidence.san[kind].some(matches));
  }
  if (serial) asked.push((evidence) => serial.includes(evidence.serial));
  if (fingerprint) asked.push((evidence) => fingerprint.includes(evidence.fingerprint));
  if (spki) asked.push((evidence) => spki.includes(evidence.spki));
  // The schema lets no empty condition through. Were there one, it would deny everybody and let nobody in.
  if (asked.length === 0) return () => effect === "deny";
  return (evidence) => asked.every((holds) => holds(evidence));
}

const altNameKinds: readonly AltNameKind[] = ["email", "dns", "uri", "upn"];
const commonName = attributeTypes.oidOf("CN");

function compileName(config: NameConfig, effect: Effect): (name: NameEvidence) => boolean {
  if ("names" in config) {
    const wholes = new Set(config.names.map(comparableName));
    return ({ whole }) => wholes.has(whole);
  }
  const asked = config.attributes.map(({ type, patterns }) => {
    const matches = anyOf(patterns, "attribute", effect);
    // Whoever can add a CN could be somebody else. Several OUs, by contrast, are several groups.
    const single = effect === "allow" && type === commonName;
    return ({ values }: NameEvidence) => {
      const texts = values.get(type) ?? [];
      if (single && texts.length !== 1) return false;
      // What is no text is matched by none, `*` included: a rule speaks of texts.
      return texts.some((text) => text !== undefined && matches(text));
    };
  });
  return (name) => asked.every((holds) => holds(name));
}

function anyOf(patterns: readonly PatternConfig[], kind: TextKind, effect: Effect) {
  const compiled = patterns.map((pattern) => compilePattern(pattern, kind, effect));
  return (text: Parameters<(typeof compiled)[number]>[0]) => compiled.some((matches) => matches(text));
}
