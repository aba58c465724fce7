/**
 * `node test/fuzz/main.ts [SECONDS] [SEED]`: mutated requests for as long as wanted, ten minutes unless given. The seed is
 * printed; the same one sends the same octets. Ends with 1 at the first finding, and shows what was sent.
 */
import { fuzz, type Findings } from "../support/fuzz/run.ts";

const [seconds = "600", seed = String(Date.now() % 2 ** 32)] = process.argv.slice(2);
const undo: (() => unknown)[] = [];
const say = (line: string) => process.stdout.write(`${line}\n`);
const told = ({ sent, arrived, refused }: Findings) => `${sent} sent, ${arrived} arrived at the backend, ${refused} answers of 400 and more`; // prettier-ignore

let before = 0;
try {
  say(`seed ${seed}, ${seconds} s`);
  const scope = { after: (each: () => unknown) => undo.push(each) };
  const findings = await fuzz(scope, {
    seed: Number(seed),
    milliseconds: Number(seconds) * 1_000,
    progress(now) {
      if (performance.now() - before < 10_000) return;
      before = performance.now();
      say(told(now));
    },
  });
  say(told(findings));
  for (const problem of findings.problems) say(problem);
  process.exitCode = findings.problems.length > 0 ? 1 : 0;
} finally {
  for (const each of undo.toReversed()) await each();
}
