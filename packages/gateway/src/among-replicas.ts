/**
 * What a gateway shares with others of its kind on other machines: TLS sessions, by a secret in a file that all of them
 * have. They do not speak with each other, so that whatever they must agree on is in the keys: the period by the clock, and all
 * that a session is believed by.
 */
import { createHash } from "node:crypto";
import type { Settings } from "./config/load.ts";
import type { Listener } from "./listen/listener.ts";
import type { SourceState } from "./trust/source.ts";
import { periodAt, secretOfPeriod, ticketKeysOf } from "./workers/ticket-keys.ts";

export type AmongReplicas = {
  /** Seals sessions with what others have who believe the same. Without a secret it does nothing. */
  readonly seal: () => void;
  /** Seals anew, where anything that goes into the keys has changed. */
  readonly look: () => void;
  /** Sessions of before can be resumed no more. @returns false without a secret: then it is done by other means */
  readonly forget: () => boolean;
};

/** What may change while the gateway runs. */
export type Believed = {
  readonly settings: Settings;
  readonly sources: readonly SourceState[];
  /** Authorities that clients have brought: fingerprints. */
  readonly introduced: readonly string[];
};

export function amongReplicas(listeners: readonly Listener[], believed: () => Believed): AmongReplicas {
  let sealed: string | undefined;
  /** Under this something was forgotten that is not to be seen in it: nobody else can know. */
  let forgotten: string | undefined;
  const seal = () => {
    const now = believed();
    const { ticketSecret } = now.settings;
    if (ticketSecret === undefined) return;
    const [period, read] = [periodAt(Date.now()), beliefOf(now)];
    sealed = `${period} ${read}`;
    const secret = sealed === forgotten ? undefined : secretOfPeriod(ticketSecret, period);
    for (const [at, listener] of listeners.entries())
      listener.forgetSessions(secret && ticketKeysOf(secret, read, at));
  };
  const isNew = () => `${periodAt(Date.now())} ${beliefOf(believed())}` !== sealed;
  return {
    seal,
    look() {
      if (believed().settings.ticketSecret !== undefined && isNew()) seal();
    },
    forget() {
      if (believed().settings.ticketSecret === undefined) return false;
      if (!isNew()) forgotten = sealed;
      seal();
      return true;
    },
  };
}

/** All that a client is believed by when its session is resumed, and what it believes of the gateway. */
function beliefOf({ settings, sources, introduced }: Believed): string {
  const { site, hosts, tlsLimits, listen } = settings;
  const sites = [site, ...hosts].map(({ names, tls, clients }) => ({
    names,
    server: tls?.leaf.fingerprint256,
    authorities: clients?.authorities.map(({ fingerprint256 }) => fingerprint256),
    ...{ depth: clients?.depth, insecureWeakKeys: clients?.insecureWeakKeys },
  }));
  const lists = sources.flatMap(({ digest = [] }) => digest).sort();
  const modes = listen.map(({ mode, onBadCertificate }) => [mode, onBadCertificate]);
  const all = JSON.stringify({ sites, tlsLimits, modes, lists, introduced: introduced.toSorted() });
  return createHash("sha256").update(all).digest("hex");
}
