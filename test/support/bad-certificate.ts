/** A certificate that must not let anybody in. */
import type { Identity } from "./test-authority.ts";

export type BadCertificate = {
  readonly name: string;
  readonly code: string;
  /** What the person is told, or a part of it. */
  readonly sentence: RegExp;
  /** Nothing to present, where there is none. */
  readonly identity: Identity | undefined;
};
