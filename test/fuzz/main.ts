/**
 * `npm run fuzz -- [SECONDS] [SEED]`: mutated requests and answers for as long as wanted, ten minutes unless given. Every ten minutes
 * a new gateway and the next seed; the same seed sends the same octets. A tenth of the time is for heads that the fast path takes:
 * Node's parser is asked about each. Ends with 1 at the first finding, and shows what was sent and the seed that sends it again.
 */
import { judgeHeads, randomHeads } from "../support/fuzz/heads.ts";
import { randomOf } from "../support/fuzz/random.ts";
import { fuzz, type Findings } from "../support/fuzz/run.ts";

const [seconds = "600", seed = String(Date.now() % 2 ** 32)] = process.argv.slice(2);
const slice = 600_000;
const forHeads = 0.1;
const say = (line: string) => process.stdout.write(`${line}\n`);
const told = ({ sent, arrived, refused }: Findings) => `${sent} sent, ${arrived} arrived at the backend, ${refused} answers of 400 and more`; // prettier-ignore

const total = { sent: 0, arrived: 0, refused: 0 };
const heads = { made: 0, taken: 0 };
const end = performance.now() + Number(seconds) * 1_000;
let problems: readonly string[] = [];
for (let next = Number(seed); performance.now() < end && problems.length === 0; next += 1) {
  const undo: (() => unknown)[] = [];
  const milliseconds = Math.min(slice, end - performance.now());
  const fastPath = next % 2 === 0;
  say(`seed ${next}, ${Math.ceil(milliseconds / 1_000)} s${fastPath ? ", with the fast path" : ""}`);
  problems = await judge(next, milliseconds * forHeads);
  if (problems.length > 0) break;
  let before = 0;
  try {
    const scope = { after: (each: () => unknown) => undo.push(each) };
    const findings = await fuzz(scope, {
      seed: next,
      fastPath,
      milliseconds: milliseconds * (1 - forHeads),
      progress(now) {
        if (performance.now() - before < 10_000) return;
        before = performance.now();
        say(told(now));
      },
    });
    for (const name of ["sent", "arrived", "refused"] as const) total[name] += findings[name];
    problems = findings.problems;
  } finally {
    for (const each of undo.toReversed()) await each();
  }
}
for (const problem of problems) say(problem);
say(`in all: ${told({ ...total, problems })}, ${problems.length} findings`);
process.exitCode = problems.length > 0 ? 1 : 0;

async function judge(from: number, milliseconds: number): Promise<readonly string[]> {
  function* whileThereIsTime(): Generator<string> {
    const made = randomHeads(randomOf(from));
    for (const until = performance.now() + milliseconds; performance.now() < until;) yield made.next().value;
  }
  const { made, taken, problems: found } = await judgeHeads(whileThereIsTime());
  heads.made += made;
  heads.taken += taken;
  say(`${heads.made} heads, ${heads.taken} of them taken by the fast path, and read by Node as well`);
  return found.map((each) => `seed ${from}: ${each}`);
}
