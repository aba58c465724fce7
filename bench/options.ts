/** argv -> what is to be measured. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BenchError } from "./bench-error.ts";
import { servers } from "./servers/index.ts";
import type { Server } from "./servers/server.ts";
import { workloads } from "./workloads/index.ts";
import type { Workload } from "./workloads/workload.ts";

export type Options = {
  readonly workloads: readonly Workload[];
  readonly servers: readonly Server[];
  readonly rounds: number;
  readonly seconds: number;
  /** No server is warmed up for longer than this many seconds. */
  readonly longestWarmUp: number;
  /** The folder that gets the results. */
  readonly out: string;
};

const root = fileURLToPath(new URL("..", import.meta.url));
const named = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join(",");

export const usage = `npm run bench -- [options]
  --workloads LIST  ${named(workloads)}
                    (all of them)
  --servers LIST    ${named(servers)} (all of them)
  --rounds N        how often each server is measured (5)
  --seconds N       how long each time (2)
  --quick           one round of one second after two of warm-up: does it run at all?
  --out FOLDER      gets results.md, chart.svg and rounds.json: bench/results when everything
                    is measured, .run/bench otherwise
  --help            this`;

/** @returns `undefined` where help is asked for */
export function readOptions(argv: readonly string[]): Options | undefined {
  const { values } = parse(argv);
  if (values.help) return undefined;
  const { quick, out } = values;
  const isWhole = values.workloads === undefined && values.servers === undefined && !quick;
  return {
    workloads: chosen("--workloads", values.workloads, workloads),
    servers: chosen("--servers", values.servers, servers),
    rounds: positive("--rounds", values.rounds ?? (quick ? "1" : "5")),
    seconds: positive("--seconds", values.seconds ?? (quick ? "1" : "2")),
    longestWarmUp: quick ? 2 : Infinity,
    out: out ?? join(root, isWhole ? "bench/results" : ".run/bench"),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        workloads: { type: "string" },
        servers: { type: "string" },
        rounds: { type: "string" },
        seconds: { type: "string" },
        quick: { type: "boolean", default: false },
        out: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1000)
    throw new BenchError(`${option} is ${text}: it must be a whole number from 1 to 1000.`);
  return number;
}

function chosen<Named extends { readonly name: string }>(
  option: string,
  list: string | undefined,
  all: readonly Named[],
): readonly Named[] {
  if (list === undefined) return all;
  const words = list.split(",");
  const unknown = words.filter((word) => !all.some(({ name }) => name === word));
  if (unknown.length > 0)
    throw new BenchError(`${option} names ${unknown.join(", ")}: there are ${named(all)}.`);
  return all.filter(({ name }) => words.includes(name));
}
