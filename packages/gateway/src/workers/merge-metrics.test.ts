import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { countersOf, mergeFamilies, readFamilies, writeFamilies } from "./merge-metrics.ts";

function merged(name: string, type: string, ...values: string[]): string | undefined {
  const texts = values.map(
    (value) => `# HELP ${name} What it is.\n# TYPE ${name} ${type}\n${name} ${value}\n`,
  );
  return writeFamilies(mergeFamilies(texts.map(readFamilies))).split("\n")[2];
}

describe("the figures of several workers", () => {
  it("are sums of what is counted", () => {
    assert.equal(merged("sallyport_cut_total", "counter", "2", "3", "4"), "sallyport_cut_total 9");
    assert.equal(merged("process_cpu_seconds_total", "counter", "0.25", "0.5"), "process_cpu_seconds_total 0.75"); // prettier-ignore
  });

  it("are sums, the least or the most of what is measured", () => {
    for (const [name, result] of [
      ["sallyport_connections_open", 3],
      ["sallyport_upstream_target_requests", 3],
      ["process_resident_memory_bytes", 3],
      ["process_open_fds", 3],
      ["sallyport_config_reload_healthy", 1],
      ["sallyport_upstream_target_in", 1],
      ["sallyport_revocation_list_next_update_timestamp_seconds", 1],
      ["process_start_time_seconds", 1],
      ["sallyport_revocation_problem", 2],
      ["sallyport_trust_generation", 2],
      ["nodejs_eventloop_lag_p99_seconds", 2],
      ["process_max_fds", 2],
    ] as const)
      assert.equal(merged(name, "gauge", "1", "2"), `${name} ${result}`);
  });

  it("keep series apart, spaces, quotes and braces in their labels too", () => {
    const text = (count: number) =>
      `# HELP a_total Of a\\nline.\n# TYPE a_total counter\na_total{name="x } 7 \\" y"} ${count}\na_total{name="z"} 1\n`;
    const sum = writeFamilies(mergeFamilies([readFamilies(text(2)), readFamilies(text(5))]));
    assert.equal(sum, text(7).replace('"z"} 1', '"z"} 2'));
  });

  it("hold what only one worker has, and no figure where none has one", () => {
    const one = "# HELP a A.\n# TYPE a gauge\na 1\n";
    const other = "# HELP b B.\n# TYPE b counter\nb 1\n";
    assert.equal(writeFamilies(mergeFamilies([readFamilies(one), readFamilies(other)])), `${one}\n${other}`);
    assert.equal(merged("a", "gauge", "Nan", "4"), "a 4");
    assert.equal(merged("a", "gauge", "4", "Nan"), "a 4");
    assert.equal(merged("a", "gauge", "Nan", "Nan"), "a NaN");
  });

  it("of a histogram are a histogram; what a worker has measured goes with it, what it has counted stays", () => {
    const text = `# HELP s S.\n# TYPE s histogram\ns_bucket{le="1"} 1\ns_bucket{le="+Inf"} 2\ns_sum 0.5\ns_count 2\n`;
    const gauge = "# HELP g G.\n# TYPE g gauge\ng 1\n";
    const kept = countersOf(readFamilies(`${text}\n${gauge}`));
    assert.equal(writeFamilies(kept), text);
    assert.match(writeFamilies(mergeFamilies([kept, readFamilies(text)])), /le="1"\} 2\n.*le="\+Inf"\} 4\ns_sum 1\ns_count 4\n$/); // prettier-ignore
  });
});
