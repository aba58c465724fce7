/** One name in the folder, after a command has looked at it: what it is, until when, and what was done. */
export type Entry = {
  /** File name without its ending: `grace`. */
  readonly name: string;
  /** The subject's common name: `Grace Hopper`. */
  readonly commonName: string;
  readonly outcome: "made" | "reused";
  readonly notAfter: Date;
};
