/** What an operator's Prometheus reads of the gateway; docs/metrics.md says what each of the names is good for. */
import { readFileSync } from "node:fs";
import { refusals, type RefusalCode } from "../refuse/refusal.ts";
import { createFamilies } from "./families.ts";
import { createHistogram } from "./histogram.ts";
import {
  observeCertificates,
  observeTargets,
  observeTrust,
  type CertificateObservation,
  type TargetObservation,
  type TrustObservation,
} from "./standing.ts";
import { createTally, type Tally } from "./tally.ts";

export type Metrics = {
  /** One exchange is over. Costs a few nanoseconds. */
  readonly request: (status: number, milliseconds: number) => void;
  readonly refusal: (code: RefusalCode) => void;
  /** A TLS handshake is done. */
  readonly handshake: (resumed: boolean) => void;
  /** @param reason one of a fixed list */
  readonly handshakeFailed: (reason: string) => void;
  /** A connection was closed as soon as it was made: there was no room for it. */
  readonly connectionDropped: () => void;
  /** A connection was closed because it cannot be known whose it is. @param reason one of a fixed list */
  readonly proxyRefused: (reason: string) => void;
  /** A WebSocket or a stream was cut off: its certificate is not in good standing any more. */
  readonly cut: (code: RefusalCode) => void;
  /** @param ok false when the configuration was refused and the old state goes on */
  readonly reload: (ok: boolean) => void;
  /** These are called at every scrape, each of them a few times; give them once. */
  readonly observeTrust: (look: () => TrustObservation) => void;
  readonly observeCertificates: (look: () => readonly CertificateObservation[]) => void;
  readonly observeTargets: (look: () => readonly TargetObservation[]) => void;
  readonly observeConnections: (look: () => number) => void;
  /** Everything, in Prometheus' text format 0.0.4. Rejects when one of the functions above throws. */
  readonly render: () => Promise<string>;
};

/** Seconds. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const switchingProtocols = 101;

/** The configuration counts as read at this moment. */
export function createMetrics(): Metrics {
  const families = createFamilies();
  const { counter, gauge } = families;

  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const { node, openssl } = process.versions;
  gauge(
    "sallyport_build_info",
    "Always 1; what runs is in the labels.",
    ["version", "node", "openssl"],
    () => [[{ version, node, openssl }, 1]],
  );

  const byClass = new Float64Array(6);
  counter("sallyport_requests_total", "Exchanges, by the class of their status.", ["status"], () =>
    Array.from(byClass.subarray(1), (count, at) => [{ status: `${at + 1}xx` }, count]),
  );
  const duration = createHistogram(
    "sallyport_request_duration_seconds",
    "From a request's head to the end of its answer. WebSockets are left out.",
    bounds,
  );

  const tallied = (name: string, help: string, label: string, names?: readonly string[]): Tally => {
    const tally = createTally(names);
    counter(name, help, [label], () => tally.counts().map(([value, count]) => [{ [label]: value }, count]));
    return tally;
  };
  const refused = tallied("sallyport_refusals_total", "Requests refused.", "code", Object.keys(refusals));
  const handshakes = tallied("sallyport_handshakes_total", "TLS handshakes done, by whether a session was resumed.", "resumed", ["true", "false"]); // prettier-ignore
  const failures = tallied("sallyport_handshake_failures_total", "TLS handshakes that failed.", "reason");
  const proxies = tallied("sallyport_proxy_refusals_total", "Connections closed for want of a PROXY header that counts.", "reason"); // prettier-ignore
  const cuts = tallied("sallyport_cut_total", "WebSockets and streams cut off with their certificate.", "code"); // prettier-ignore
  const reloads = tallied("sallyport_reloads_total", "Reloads of the configuration.", "outcome", ["ok", "refused"]); // prettier-ignore

  let dropped = 0;
  counter("sallyport_connections_dropped_total", "Connections closed as soon as they were made: there was no room.", [], () => [
    [{}, dropped],
  ]); // prettier-ignore

  let healthy = true;
  let read = Date.now();
  gauge("sallyport_config_reload_healthy", "0 while the last reload is one that was refused.", [], () => [
    [{}, Number(healthy)],
  ]);
  gauge("sallyport_reload_last_success_timestamp_seconds", "When the configuration in force was read.", [], () => [
    [{}, read / 1000],
  ]); // prettier-ignore

  return {
    request(status, milliseconds) {
      const group = Math.trunc(status / 100);
      byClass[group] = (byClass[group] ?? 0) + 1;
      // A WebSocket is open for hours, and says nothing of how fast anybody is.
      if (status !== switchingProtocols) duration.observe(milliseconds / 1000);
    },
    refusal: refused.add,
    handshake: (resumed) => {
      handshakes.add(String(resumed));
    },
    handshakeFailed: failures.add,
    connectionDropped: () => {
      dropped += 1;
    },
    proxyRefused: proxies.add,
    cut: cuts.add,
    reload(ok) {
      reloads.add(ok ? "ok" : "refused");
      healthy = ok;
      if (ok) read = Date.now();
    },
    observeTrust: (look) => {
      observeTrust(families, look);
    },
    observeCertificates: (look) => {
      observeCertificates(families, look);
    },
    observeTargets: (look) => {
      observeTargets(families, look);
    },
    observeConnections: (look) => {
      gauge("sallyport_connections_open", "Connections that clients have open.", [], () => [[{}, look()]]);
    },
    render: async () => `${await families.text()}\n${duration.text()}`,
  };
}

const manifest = new URL("../../package.json", import.meta.url);
