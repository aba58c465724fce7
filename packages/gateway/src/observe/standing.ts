/** What is not counted but looked up at each scrape: whom the gateway believes at that moment, and until when. */
import type { Families, Sample } from "./families.ts";

export type SourceObservation = {
  readonly name: string;
  readonly entries?: number;
  /** Milliseconds since the epoch. */
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly problem: string | undefined;
};

export type TrustObservation = {
  readonly generation: number;
  readonly sources: readonly SourceObservation[];
};

export type CertificateObservation = {
  readonly use: "server" | "authority";
  /** A server certificate's host; an authority's name. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
};

export type TargetObservation = {
  /** The route's prefix, behind its host's name if it has one. */
  readonly route: string;
  readonly target: string;
  readonly isIn: boolean;
  readonly load: number;
};

/** Lists and responders can be named by certificates: however many there are, these many are shown. */
const mostSources = 200;

export function observeTrust({ gauge }: Families, look: () => TrustObservation): void {
  const ofSources = (value: (source: SourceObservation) => number | undefined) => (): Sample[] =>
    look()
      .sources.slice(0, mostSources)
      .flatMap((source): Sample[] => {
        const found = value(source);
        return found === undefined ? [] : [[{ name: source.name }, found]];
      });
  gauge("sallyport_trust_generation", "Rises whenever what is believed has changed.", [], () => [
    [{}, look().generation],
  ]);
  gauge(
    "sallyport_revocation_list_entries",
    "How many certificates a revocation list names.",
    ["name"],
    ofSources(({ entries }) => entries),
  );
  gauge(
    "sallyport_revocation_list_this_update_timestamp_seconds",
    "When the revocation list that is held was issued.",
    ["name"],
    ofSources(({ thisUpdate }) => thisUpdate && thisUpdate / 1000),
  );
  gauge(
    "sallyport_revocation_list_next_update_timestamp_seconds",
    "When a newer revocation list is due at the latest.",
    ["name"],
    ofSources(({ nextUpdate }) => nextUpdate && nextUpdate / 1000),
  );
  gauge(
    "sallyport_revocation_problem",
    "1 while what is held of a source is not the newest there is; the log says why.",
    ["name"],
    ofSources(({ problem }) => Number(problem !== undefined)),
  );
}

export function observeTargets({ gauge }: Families, look: () => readonly TargetObservation[]): void {
  const labels = ["route", "target"];
  gauge("sallyport_upstream_target_in", "1 while the target is given requests.", labels, () =>
    look().map(({ route, target, isIn }) => [{ route, target }, Number(isIn)]),
  );
  gauge(
    "sallyport_upstream_target_requests",
    "Requests that the target has, or that wait for it; no WebSockets.",
    labels,
    () => look().map(({ route, target, load }) => [{ route, target }, load]),
  );
}

export function observeCertificates(
  { gauge }: Families,
  look: () => readonly CertificateObservation[],
): void {
  const ends = (wanted: CertificateObservation["use"], label: string) => (): Sample[] =>
    look()
      .filter(({ use }) => use === wanted)
      // Of several with one name the first to end is what has to be renewed: it comes last, which counts.
      .toSorted((a, b) => b.notAfter - a.notAfter)
      .map(({ name, notAfter }) => [{ [label]: name }, notAfter / 1000]);
  gauge(
    "sallyport_server_certificate_not_after_timestamp_seconds",
    "When the gateway's own certificate ends.",
    ["host"],
    ends("server", "host"),
  );
  gauge(
    "sallyport_authority_not_after_timestamp_seconds",
    "When an accepted authority ends.",
    ["name"],
    ends("authority", "name"),
  );
}
