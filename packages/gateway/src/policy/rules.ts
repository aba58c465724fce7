/** Who may have a route: rules in order, of which the first that matches decides. */
import type { Certificate, ClientIdentity } from "@sallyport/identity";
import { compileCondition, type ConditionConfig, type Effect } from "./condition.ts";
import { evidenceOf } from "./evidence.ts";

export type RuleConfig = {
  readonly effect: Effect;
  /** `any` is everybody, the anonymous included; a condition is never theirs. */
  readonly who: "any" | ConditionConfig;
};

export type Judgement = {
  readonly permitted: boolean;
  /** For the operator's log: `rule 2 allows`, counted from 1, or `no rule matches`. */
  readonly detail: string;
};

export type Rules = {
  /** Costs nothing for a certificate that was asked about before, on whatever connection. */
  readonly judge: (identity: ClientIdentity) => Judgement;
};

/** Once for every time the configuration is read: a new set of rules remembers nothing of the old one. */
export function compileRules(config: readonly RuleConfig[]): Rules {
  const rules = config.map(({ effect, who }, at) => ({
    holds: who === "any" ? ("any" as const) : compileCondition(who, effect),
    judgement: { permitted: effect === "allow", detail: `rule ${at + 1} ${effect === "allow" ? "allows" : "denies"}` },
  })); // prettier-ignore

  const decide = (certificate: Certificate | undefined): Judgement => {
    const evidence = certificate && evidenceOf(certificate);
    const first = rules.find(({ holds }) => holds === "any" || (evidence !== undefined && holds(evidence)));
    return first?.judgement ?? unmatched;
  };

  const ofTheAnonymous = decide(undefined);
  const judged = new WeakMap<Certificate, Judgement>();
  return {
    judge: (identity) => {
      // Nobody asks about a certificate that was not believed. Whoever did would learn nothing from what it says.
      if (identity.verify === "FAILED") return unbelieved;
      if (identity.verify === "NONE") return ofTheAnonymous;
      const { certificate } = identity;
      const known = judged.get(certificate);
      if (known) return known;
      const judgement = decide(certificate);
      judged.set(certificate, judgement);
      return judgement;
    },
  };
}

const unmatched: Judgement = { permitted: false, detail: "no rule matches" };
const unbelieved: Judgement = { permitted: false, detail: "the certificate is not believed" };
