/** Everything that is wrong with a configuration, at once. Each problem is one line for a person. */

export type Problem = {
  /** `gateway.yaml:3`, or the file alone. */
  readonly place: string;
  /** `tls.key` */
  readonly path: string;
  /** What is wrong, naming the thing. */
  readonly what: string;
  /** What to do about it. */
  readonly next: string;
};

/** Notes one problem of the value at a path. */
export type Report = (path: readonly PropertyKey[], what: string, next: string) => void;

export class ConfigError extends Error {
  readonly problems: readonly Problem[];
  /** What was read, absolute: a change in one of them may mend it. */
  readonly files: readonly string[];
  /** @param found in any order: they are told in the order of the lines */
  constructor(found: readonly Problem[], files: readonly string[] = []) {
    const problems = found.toSorted((a, b) => a.place.localeCompare(b.place, "en", { numeric: true }));
    super(
      problems
        .map(
          ({ place, path, what, next }) => `${place}  ${path === "" ? "" : `${path}: `}${what}  -> ${next}`,
        )
        .join("\n"),
    );
    this.name = "ConfigError";
    this.problems = problems;
    this.files = files;
  }
}
