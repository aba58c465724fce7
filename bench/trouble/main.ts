/** `npm run bench:trouble`: honest clients beside every kind of trouble. A figure never fails it; it says which promise was kept. */
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { bulkBackend } from "../../test/support/bulk-backend.ts";
import { footprintOf, type Footprint } from "../../test/support/footprint.ts";
import { gatewayConfig, startGateway } from "../../test/support/running-gateway.ts";
import type { Scope } from "../../test/support/scope.ts";
import { worker } from "../../test/support/shared-work.ts";
import { createTestAuthority } from "../../test/support/test-authority.ts";
import { BenchError } from "../bench-error.ts";
import { cpuTime } from "../cpu.ts";
import type { HonestLoad, Measured } from "./honest-load.ts";
import { outcomeOf, type Ongoing, type Outcome } from "./phase.ts";
import { phases } from "./phases.ts";
import { report } from "./report.ts";
import { verdicts } from "./verdicts.ts";
import { waitingTime } from "./waiting-time.ts";

const usage = `npm run bench:trouble -- [options]
  --seconds N     how long each phase takes, at least (10)
  --help          this`;
const file = join(import.meta.dirname, "../results/trouble.md");
const rest = 60;
const warmUp = 3;
const say = (line: string) => process.stdout.write(`${line}\n`);

/** @returns `undefined` where help is asked for */
function secondsOf(args: readonly string[]): number | undefined {
  const options = { seconds: { type: "string", default: "10" }, help: { type: "boolean", default: false } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3_600)
    throw new BenchError(`--seconds is ${values.seconds}: it must be a whole number from 1 to 3600.`);
  return values.help ? undefined : seconds;
} // prettier-ignore

async function run(scope: Scope, seconds: number): Promise<void> {
  if (process.platform !== "linux")
    throw new BenchError("This bench needs Linux: it reads descriptors and memory from /proc.");
  const authority = await createTestAuthority(scope);
  const backend = await bulkBackend(scope);
  const restarting = await worker(scope, "restarting");
  const standing = await worker(scope, "standing");
  const thread = (name: string, workerData?: unknown) => {
    const begun = new Worker(new URL(name, import.meta.url), { workerData });
    scope.after(() => begun.terminate());
    return begun;
  };
  const [honestPort] = (await once(thread("honest-backend.ts"), "message")) as [number];
  const target = `http://127.0.0.1:${backend.port}/`;
  const gateway = await startGateway(scope, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/honest/", upstream: `http://127.0.0.1:${honestPort}/` },
      { prefix: "/trouble/", upstream: target, timeouts: { firstByte: "4s" } },
      { prefix: "/restarting/", upstream: { targets: [restarting.target, standing.target] } },
    ],
    log: { access: false },
  });
  const honest: HonestLoad = { port: gateway.port, ...authority.grace, clients: 20, beat: 50 };
  const load = thread("honest-load.ts", honest);
  const measured = () =>
    new Promise<Measured>((resolve) => {
      load.once("message", resolve).postMessage("what was it like?");
    });

  let running = true;
  const died = gateway.exited.then((code) => {
    running = false;
    throw new BenchError(`The gateway has ended with ${code ?? "a signal"}: ${gateway.stderr()}`);
  });
  died.catch(() => undefined); // it is ended at the end, too

  const outcomes: Outcome[] = [];
  const during = async (name: string, least: number, begin: () => Promise<Ongoing>) => {
    await measured();
    const most = { descriptors: 0, memory: 0 };
    const [began, used, missed] = [performance.now(), cpuTime([gateway.pid]), waitingTime(gateway.pid)];
    const timer = setInterval(() => {
      if (running) Object.assign(most, larger(most, footprintOf(gateway.pid)));
    }, 250);
    const ongoing = await begin();
    await Promise.race([died, Promise.all([ongoing.over, sleep(least * 1_000)])]);
    clearInterval(timer);
    const took = (performance.now() - began) * 1_000;
    const busy = (cpuTime([gateway.pid]) - used) / took;
    const waited = (waitingTime(gateway.pid) - missed) / took;
    const outcome = outcomeOf(name, ongoing.told(), await measured(), { busy, waited }, most);
    await ongoing.stop();
    return outcome;
  };
  const nothing = (): Promise<Ongoing> => {
    const over = Promise.resolve();
    return Promise.resolve({ told: () => "", over, stop: () => over });
  };
  const all = phases({ victim: { port: gateway.port, identity: authority.grace }, restarting });

  const [others = NaN] = loadavg();
  // V8's heap grows until it has seen the worst a few times; what it keeps then is not something that was left behind.
  say("warming up");
  const [worst] = all.toReversed();
  for (let time = 0; worst && time < 4; time += 1) await during("", warmUp, worst.begin);
  await sleep(5_000);
  const measure = async (name: string, least: number, begin = nothing) => {
    const outcome = await during(name, least, begin);
    outcomes.push(outcome);
    say(
      `${name}: p99 ${outcome.p99.toFixed(1)} ms, ${outcome.served} answered, ${outcome.failures.length} failed`,
    );
    for (const failure of new Set(outcome.failures)) say(`  ${failure}`);
  };
  await measure("nothing", seconds);
  for (const { name, begin } of all) {
    await measure(name, seconds, begin);
    await sleep(1_000);
  }
  say(`a rest of ${rest} s`);
  await sleep(rest * 1_000);
  await measure("nothing any more", seconds);
  if (gateway.stderr() !== "") throw new BenchError(`the gateway says: ${gateway.stderr()}`);
  const page = report(outcomes, verdicts(outcomes), { seconds, rest, others });
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, page);
  say(`\n${page}`);
}

function larger(one: Footprint, other: Footprint): Footprint {
  return {
    descriptors: Math.max(one.descriptors, other.descriptors),
    memory: Math.max(one.memory, other.memory),
  };
}

const undo: (() => unknown)[] = [];
try {
  const seconds = secondsOf(process.argv.slice(2));
  if (seconds === undefined) say(usage);
  else await run({ after: (each) => undo.push(each) }, seconds);
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${error.message}\n${usage}\n`);
  process.exitCode = 1;
} finally {
  for (const each of undo.toReversed()) await each();
}
