/** What was promised, and whether it was kept this time. */
import type { Outcome } from "./phase.ts";

const slowest = 500;
const drift = 1.05;

export function verdicts(outcomes: readonly Outcome[]): readonly string[] {
  const [before, after] = [outcomes.at(0), outcomes.at(-1)];
  if (before === undefined || after === undefined) return [];
  const failed = outcomes.reduce((sum, { failures }) => sum + failures.length, 0);
  const worst = outcomes.toSorted((one, other) => other.p99 - one.p99)[0] ?? before;
  const back = (name: string, of: (outcome: Outcome) => number, unit = 1) =>
    `${name} back within 5 %: ${kept(of(after) <= of(before) * drift)}, ${Math.round(of(before) / unit)} -> ${Math.round(of(after) / unit)}`;
  return [
    `no honest request fails: ${kept(failed === 0)}, ${failed} did`,
    `p99 of honest requests below ${slowest} ms, whatever goes on: ${kept(worst.p99 < slowest)}, ${worst.p99.toFixed(1)} ms at worst (${worst.name})`,
    back("descriptors", ({ footprint }) => footprint.descriptors),
    back("RSS", ({ footprint }) => footprint.memory, 1 << 20) + " MiB",
  ];
}

function kept(is: boolean): string {
  return is ? "kept" : "NOT kept";
}
