import assert from "node:assert/strict";
import { it } from "node:test";
import { table } from "./table.ts";
import { sampleRow, sampleTitles, sampleWorkload, theirRow } from "./testing/sample.ts";

const lines = (text: string) => text.split("\n");

it("is Markdown with a row for each server and a ratio to each peer that was measured", () => {
  const text = table(sampleWorkload, [sampleRow, theirRow], sampleTitles);
  assert.deepEqual(lines(text), [
    "| server | CPU us/request |  min | requests/s | p50 ms | p99 ms | busy | x Theirs |",
    "| ------ | -------------: | ---: | ---------: | -----: | -----: | ---: | -------: |",
    "| Ours   |           60.0 | 51.3 |      12346 |    1.3 |   20.0 | 95 % |     1.50 |",
    "| Theirs |           40.0 | 51.3 |      12346 |    1.3 |   20.0 | 95 % |     1.00 |",
  ]);
});

it("says how many handshakes were full, where there were any", () => {
  const [headings = "", , row = ""] = lines(
    table(sampleWorkload, [{ ...sampleRow, full: 0.333 }], sampleTitles),
  );
  assert.match(headings, /\| full \|/);
  assert.match(row, /\| 33 % \|/);
});

it("speaks of memory where memory was measured", () => {
  const text = table(
    { ...sampleWorkload, resource: "memory" },
    [{ ...sampleRow, idle: 51_200 }],
    sampleTitles,
  );
  const [headings = "", , row = ""] = lines(text);
  assert.match(headings, /\| KiB\/request \|.*\| idle MiB \|/);
  assert.match(row, /\| +50\.0 \|/);
  assert.doesNotMatch(headings, /busy/);
});
