/** Where a route's upstream is mounted, and for whom an answer is rewritten. */

export type Mapping = {
  /** `/flask/`, and what it stands for at the upstream: `/`. Both begin and end with a slash. */
  readonly prefix: string;
  readonly basePath: string;
  /** `127.0.0.1:5000`: the authorities by which the upstream may call itself, in lower case. */
  readonly authorities: readonly string[];
};

/** One answer's place. */
export type Place = {
  readonly mapping: Mapping;
  /** The request's Host: the other authority that means this very site. */
  readonly host: string;
};
