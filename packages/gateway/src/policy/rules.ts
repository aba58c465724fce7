/** Who may have a route: rules in order, of which the first that matches decides. */
import type { ClientIdentity } from "@sallyport/identity";
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
  /** Costs nothing for an identity that was asked about before: identities live as long as their connection. */
  readonly judge: (identity: ClientIdentity) => Judgement;
};

/** Once for every time the configuration is read: a new set of rules remembers nothing of the old one. */
export function compileRules(config: readonly RuleConfig[]): Rules {
  const rules = config.map(({ effect, who }, at) => ({
    holds: who === "any" ? ("any" as const) : compileCondition(who, effect),
    judgement: { permitted: effect === "allow", detail: `rule ${at + 1} ${effect === "allow" ? "allows" : "denies"}` },
  })); // prettier-ignore

  const decide = (identity: ClientIdentity): Judgement => {
    // Nobody asks about a certificate that was not believed. Whoever did would learn nothing from what it says.
    if (identity.verify === "FAILED") return unbelieved;
    const evidence = identity.verify === "SUCCESS" ? evidenceOf(identity.certificate) : undefined;
    const first = rules.find(({ holds }) => holds === "any" || (evidence !== undefined && holds(evidence)));
    return first?.judgement ?? unmatched;
  };

  const judged = new WeakMap<ClientIdentity, Judgement>();
  return {
    judge: (identity) => {
      const known = judged.get(identity);
      if (known) return known;
      const judgement = decide(identity);
      judged.set(identity, judgement);
      return judgement;
    },
  };
}

const unmatched: Judgement = { permitted: false, detail: "no rule matches" };
const unbelieved: Judgement = { permitted: false, detail: "the certificate is not believed" };
