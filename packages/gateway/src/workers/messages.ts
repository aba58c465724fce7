/** What the supervisor and its workers say to each other. Octets travel as base64. */

export type Listening = { readonly host: string; readonly port: number; readonly mode: string };

/** What a worker is given before it listens. */
export type Start = {
  /** From 1. */
  readonly worker: number;
  readonly workers: number;
  /** The ports that the first worker has, one for each listener; nothing for the first itself. */
  readonly ports: readonly number[] | undefined;
  /** What the session tickets of all workers are sealed with. */
  readonly secret: string;
  /** The settings that cannot change while the gateway runs, as they were when it started. */
  readonly fixed: unknown;
  /** DER: authorities that clients of other workers came with. */
  readonly introduced: readonly string[];
};

/** What a worker is asked: its metrics as text, why it is not ready as a list in JSON, or whether it hears at all. */
export type Subject = "figures" | "readiness" | "life";

export type ToWorker =
  | ({ readonly kind: "start" } & Start)
  /** @param heard how often this worker had said "forgot" when the secret was made */
  | { readonly kind: "secret"; readonly secret: string; readonly heard: number }
  | { readonly kind: "introduced"; readonly certificate: string }
  | { readonly kind: "question"; readonly question: number; readonly about: Subject }
  | { readonly kind: "reload" | "drain" | "end" };

export type ToSupervisor =
  | { readonly kind: "listening"; readonly listeners: readonly Listening[] }
  /** It cannot start: the problems of a configuration. */
  | { readonly kind: "refused"; readonly problems: unknown }
  /** What is believed has moved: the worker uses a secret of its own until it is given a newer one. */
  | { readonly kind: "forgot" }
  | { readonly kind: "introduced"; readonly certificate: string }
  /** Nothing where it cannot tell. */
  | { readonly kind: "answer"; readonly question: number; readonly text: string | undefined };
