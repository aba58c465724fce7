/** All the sources of revocation of one site as one: who is revoked, who is not, and of whom that cannot be told. */
import type { Link, Source, SourceState, Standing } from "./source.ts";

/** What is known of a whole path. */
export type Verdict = {
  readonly status: "good" | "revoked" | "unavailable";
  /** For the operator's log. */
  readonly detail: string;
  /** It holds until this instant, milliseconds since the epoch, and while the generation stays. */
  readonly until: number;
  readonly generation: number;
};

export type Revocation = {
  /**
   * Constant in time where nothing has changed: the verdict of before, as long as it holds.
   * @param links of one path; the same array for the same path, which is what verdicts are remembered by
   */
  readonly standing: (links: readonly Link[], now: number) => Verdict | Promise<Verdict>;
  /** Looks at files again, and at nothing else. */
  readonly reread: () => Promise<void>;
  /** Asks servers again too. It may take long: they may be silent. */
  readonly refresh: () => Promise<void>;
  readonly states: () => readonly SourceState[];
  readonly close: () => void;
};

export type Asked = {
  readonly source: Source;
  readonly whenUnknown: "refuse" | "allow";
  /** Whether it is the files of this machine that it looks at, and nobody has to be asked over the network. */
  readonly local: boolean;
};

/** A verdict lasts at least so long: no source can make a request wait twice. */
const shortestLife = 1_000;

/** @param generation moves whenever one of the sources has changed */
export function createRevocation(sources: readonly Asked[], generation: () => number): Revocation {
  const verdicts = new WeakMap<readonly Link[], Verdict | Promise<Verdict>>();

  const ask = (links: readonly Link[], now: number): Verdict | Promise<Verdict> => {
    const asked = generation();
    const conclude = (answers: readonly Answer[]): Verdict => ({
      ...combine(answers, now),
      generation: asked,
    });
    const answers = sources.flatMap(({ source, whenUnknown }) =>
      links.map((link) => {
        const standing = source.check(link, now);
        return standing instanceof Promise
          ? standing.then((told) => ({ ...told, whenUnknown }))
          : { ...standing, whenUnknown };
      }),
    );
    const told = answers.filter((answer): answer is Answer => !(answer instanceof Promise));
    const enough = told.length === answers.length || told.some(({ status }) => status === "revoked");
    if (enough) return conclude(told);
    return Promise.all(answers.map((answer) => Promise.resolve(answer))).then(conclude);
  };

  return {
    standing(links, now) {
      const held = verdicts.get(links);
      if (held instanceof Promise) return held;
      if (held?.generation === generation() && now < held.until) return held;
      const verdict = ask(links, now);
      verdicts.set(links, verdict);
      if (verdict instanceof Promise)
        void verdict.then((told) => {
          verdicts.set(links, told);
        });
      return verdict;
    },
    async reread() {
      await Promise.all(sources.filter(({ local }) => local).map(({ source }) => source.refresh()));
    },
    async refresh() {
      await Promise.all(sources.map(({ source }) => source.refresh()));
    },
    states: () => sources.flatMap(({ source }) => source.states()),
    close() {
      for (const { source } of sources) source.close();
    },
  };
}

type Answer = Standing & { readonly whenUnknown: "refuse" | "allow" };

/** One that says revoked is enough. Who cannot tell counts only where that was asked for. */
function combine(answers: readonly Answer[], now: number): Omit<Verdict, "generation"> {
  const until = Math.max(now + shortestLife, Math.min(Infinity, ...answers.map((answer) => answer.until)));
  const revoked = answers.find(({ status }) => status === "revoked");
  if (revoked) return { status: "revoked", detail: revoked.detail, until };
  const unknown = answers.find(({ status, whenUnknown }) => status === "unknown" && whenUnknown === "refuse");
  if (unknown) return { status: "unavailable", detail: unknown.detail, until };
  return { status: "good", detail: "", until };
}
