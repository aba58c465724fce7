/** Who is refused, as far as the answer to them depends on it. */
import { anonymous, type ClientIdentity } from "@sallyport/identity";

export type Visitor = {
  readonly identity: ClientIdentity;
  /** Names of the authorities that are accepted where the visitor stands. */
  readonly authorities: readonly string[];
  /** Whom to ask, in the operator's own words. */
  readonly contact: string | undefined;
  /** The request's Accept and User-Agent, as they came: foreign text. */
  readonly accept: string | undefined;
  readonly userAgent: string | undefined;
  /** The instant of the refusal by the gateway's clock, milliseconds since the epoch. */
  readonly now: number;
};

/** Somebody of whom nothing is known yet. */
export function stranger(): Visitor {
  return {
    identity: anonymous,
    authorities: [],
    contact: undefined,
    accept: undefined,
    userAgent: undefined,
    now: Date.now(),
  };
}
