/** The figures of several workers -> those of the gateway, in Prometheus' text format. */

type Family = {
  readonly type: string;
  readonly help: string;
  /** `name{label="value"}` -> its figure. */
  readonly samples: Map<string, number>;
};
export type Families = Map<string, Family>;

const add = (a: number, b: number) => a + b;
type Rule = readonly [names: RegExp, merge: (a: number, b: number) => number];

/** Of gauges; the first that fits. What none fits is the largest: a lag, a problem, a version. */
const rules: readonly Rule[] = [
  [/^sallyport_(?:connections_open|upstream_target_requests)$/, add],
  [/^process_open_fds$|_bytes$/, add],
  // One worker that is behind, or whose list ends sooner, is what somebody has to know of.
  [/^sallyport_(?:config_reload_healthy|upstream_target_in)$|_timestamp_seconds$|_time_seconds$/, Math.min],
];

/** @param text as a worker renders it */
export function readFamilies(text: string): Families {
  const families: Families = new Map();
  let current: Family | undefined;
  let help = "";
  for (const line of text.split("\n")) {
    const [, word, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === "HELP") help = rest;
    else if (word === "TYPE") families.set(name, (current = { type: rest, help, samples: new Map() }));
    else if (line !== "") {
      const space = line.lastIndexOf(" ");
      current?.samples.set(line.slice(0, space), figure(line.slice(space + 1)));
    }
  }
  return families;
}

export function mergeFamilies(all: readonly Families[]): Families {
  const merged: Families = new Map();
  for (const [name, { type, help, samples }] of all.flatMap((families) => [...families])) {
    const family = merged.get(name) ?? { type, help, samples: new Map<string, number>() };
    merged.set(name, family);
    const merge = type === "gauge" ? (rules.find(([names]) => names.test(name))?.[1] ?? Math.max) : add;
    for (const [series, value] of samples) {
      const held = family.samples.get(series);
      family.samples.set(series, held === undefined || Number.isNaN(held) ? value : Number.isNaN(value) ? held : merge(held, value)); // prettier-ignore
    }
  }
  return merged;
}

/** What only ever rises: it is kept of a worker that has ended, so that a sum never falls. */
export function countersOf(families: Families): Families {
  return new Map([...families].filter(([, { type }]) => type !== "gauge"));
}

export function writeFamilies(families: Families): string {
  return [...families]
    .map(([name, { type, help, samples }]) => {
      const lines = [...samples].map(([series, value]) => `${series} ${value}\n`);
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("\n");
}

/** prom-client writes `Nan`. */
function figure(text: string): number {
  return text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
}
