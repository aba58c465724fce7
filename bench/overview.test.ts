import assert from "node:assert/strict";
import { it } from "node:test";
import { overview } from "./overview.ts";
import { sampleWorkload } from "./testing/sample.ts";

const measured = (server: string, spent: number) => ({
  server,
  round: 1,
  spent,
  done: 10,
  failed: 0,
  seconds: 1,
  p50: 1,
  p99: 1,
});

it("has a line for each load and a column for each server, and says how ours compares", () => {
  const measurements = [measured("sallyport", 600), measured("sallyport-fast", 500), measured("nginx", 400)];
  const text = overview([
    { workload: sampleWorkload, contestants: [], measurements },
    { workload: { ...sampleWorkload, name: "more", resource: "memory" }, contestants: [], measurements: [] },
    {
      workload: { ...sampleWorkload, name: "growth" },
      contestants: [],
      measurements: [measured("sallyport-2", 1)],
    },
  ]);
  assert.deepEqual(text.split("\n"), [
    "|                    | sallyport | with fast path | nginx |    x nginx | x Apache httpd |",
    "| ------------------ | --------: | -------------: | ----: | ---------: | -------------: |",
    "| sample: us/request |      60.0 |           50.0 |  40.0 | 1.50, 1.25 |           -, - |",
  ]);
});
