/** argv -> what is to be measured. */
import { parseArgs } from "node:util";
import { BenchError } from "./bench-error.ts";
import { peers } from "./servers/index.ts";
import type { Server } from "./servers/server.ts";

export type Options = {
  readonly rounds: number;
  readonly seconds: number;
  /** No server is warmed up for longer than this many seconds. */
  readonly longestWarmUp: number;
  readonly peers: readonly Server[];
  /** File for every single measurement. */
  readonly json: string | undefined;
};

const names = peers.map(({ name }) => name);

export const usage = `npm run bench -- [options]
  --rounds N      how often each server is measured (3)
  --seconds N     how long each time (3)
  --peers LIST    ${names.join(",")} (all of them), or none
  --quick         one round of one second after two of warm-up: does it run at all?
  --json FILE     write every measurement there
  --help          this`;

/** @returns `undefined` where help is asked for */
export function readOptions(argv: readonly string[]): Options | undefined {
  const { values } = parse(argv);
  if (values.help) return undefined;
  const { quick } = values;
  return {
    rounds: positive("--rounds", values.rounds ?? (quick ? "1" : "3")),
    seconds: positive("--seconds", values.seconds ?? (quick ? "1" : "3")),
    longestWarmUp: quick ? 2 : Infinity,
    peers: values.peers === undefined ? peers : chosen(values.peers),
    json: values.json,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        rounds: { type: "string" },
        seconds: { type: "string" },
        peers: { type: "string" },
        json: { type: "string" },
        quick: { type: "boolean", default: false },
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

function chosen(list: string): Server[] {
  const words = list === "none" ? [] : list.split(",");
  const unknown = words.filter((word) => !names.includes(word));
  if (unknown.length > 0)
    throw new BenchError(`--peers names ${unknown.join(", ")}: there are ${names.join(", ")}, or none.`);
  return peers.filter(({ name }) => words.includes(name));
}
