/** All servers under all loads in one table: what a unit cost each, and how many times that of nginx and Apache ours did, with the fast path as well. */
import { layOut } from "./lay-out.ts";
import { ratio } from "./ratio.ts";
import type { Result } from "./result.ts";
import { own, servers } from "./servers/index.ts";
import { summarise } from "./summarise.ts";

const peers = servers.filter(({ name }) => name === "nginx" || name === "apache");

/** Leaves out the workloads in which servers do not stand as they are: scaling and growth compare us with ourselves. */
export function overview(results: readonly Result[]): string {
  const plain = results.map(({ workload, measurements }) => ({
    workload,
    rows: summarise(measurements).filter(({ server }) => servers.some(({ name }) => name === server)),
  }));
  const shown = servers.filter(({ name }) =>
    plain.some(({ rows }) => rows.some(({ server }) => server === name)),
  );
  const lines = plain.flatMap(({ workload: { name, unit, resource }, rows }) => {
    if (rows.length === 0) return [];
    const find = (server: string) => rows.find((row) => row.server === server);
    const costs = shown.map((server) => find(server.name)?.cost);
    const times = peers.map((peer) => {
      const measured = own.flatMap(({ name }) => find(name) ?? []);
      return measured.map((row) => ratio(row.times[peer.name])).join(", ");
    });
    const what = `${name}: ${resource === "cpu" ? "us" : "KiB"}/${unit}`;
    return [[what, ...costs.map((cost) => cost?.toFixed(cost < 100 ? 1 : 0) ?? "-"), ...times]];
  });
  const ratios = peers.map(({ title }) => `x ${title}`);
  return layOut([["", ...shown.map(({ title }) => title), ...ratios], ...lines]);
}
