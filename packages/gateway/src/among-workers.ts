/** What a gateway that is one of several shares with the others. One that is alone shares it with nobody. */
import { amongReplicas, type AmongReplicas, type Believed } from "./among-replicas.ts";
import type { Fixed } from "./config/cannot-reload.ts";
import type { Listener } from "./listen/listener.ts";
import type { Share } from "./listening.ts";
import { createIntroductions } from "./workers/introductions.ts";
import { ticketKeysOf } from "./workers/ticket-keys.ts";
import type { WorldEvents } from "./world.ts";

export type Worker = Share & {
  /** From 1. */
  readonly worker: number;
  /** What cannot change while the gateway runs, as it was when the first worker started. */
  readonly fixed: Fixed;
  /** Sessions of before must not be resumed anywhere. */
  readonly forgot: () => void;
  /** An authority that a client has brought leads to one that is accepted. */
  readonly introduced: (certificate: Buffer) => void;
};

export type AmongWorkers = Pick<AmongReplicas, "seal" | "look"> & {
  /** Sessions of before can be resumed no more: here at once, and at the others as soon as they hear of it. */
  readonly forgetSessions: () => void;
  /** Sessions that were sealed with this secret can be resumed, and no others. */
  readonly takeSecret: (secret: Buffer) => void;
  /** Another worker's client has brought an authority. */
  readonly introduce: (certificate: Buffer) => void;
  readonly events: Pick<WorldEvents, "introduced" | "onMeet">;
};

export function amongWorkers(
  worker: Worker | undefined,
  listeners: readonly Listener[],
  believed: () => Omit<Believed, "introduced">,
): AmongWorkers {
  const introductions = createIntroductions((certificate) => {
    worker?.introduced(certificate);
    replicas.look();
  });
  const shares = () => worker !== undefined || believed().settings.ticketSecret !== undefined;
  const introduced = () => introductions.certificates().map(({ fingerprint256 }) => fingerprint256);
  const replicas = amongReplicas(listeners, () => ({ ...believed(), introduced: introduced() }));
  return {
    seal: replicas.seal,
    look: replicas.look,
    forgetSessions() {
      if (replicas.forget()) return;
      for (const listener of listeners) listener.forgetSessions();
      worker?.forgot();
    },
    takeSecret(secret) {
      const { settings } = believed();
      // With a secret of the operator's, workers are replicas like those of other machines.
      if (settings.ticketSecret !== undefined) return;
      const read = JSON.stringify(settings);
      for (const [at, listener] of listeners.entries())
        listener.forgetSessions(ticketKeysOf(secret, read, at));
    },
    introduce(certificate) {
      introductions.hear(certificate);
      replicas.look();
    },
    events: {
      introduced: () => (shares() ? introductions.certificates() : []),
      onMeet(path) {
        if (shares()) introductions.meet(path);
      },
    },
  };
}
