import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("testing/logging.ts", import.meta.url));

/** Exchanges before each event. */
const every = 100;

/** @returns what a process wrote that logged so many exchanges */
async function written(worker: number, count: number): Promise<string> {
  const argv = [program, String(worker), String(count), String(every)];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

describe("the log", { timeout: 30_000 }, () => {
  for (const [who, worker] of [["one process", 0], ["a worker", 3]] as const) {
    it(`of ${who} loses no line, and keeps their order, those of events among them`, async () => {
      const count = 3_050; // more than one write takes, and no event behind the last
      const lines = (await written(worker, count)).split("\n");
      assert.equal(lines.pop(), "");
      const expected = Array.from({ length: count }, (_, index) => {
        const at = index + 1;
        return at % every === 0 ? [`/${at}/é\u202e`, `after ${at}`] : [`/${at}/é\u202e`];
      }).flat();
      const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(told.map(({ path, msg }) => path ?? msg), expected);
      for (const line of told) {
        assert.equal(line["worker"], worker === 0 ? undefined : worker);
        assert.equal(line["level"], "info");
        assert.match(String(line["time"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }
    });
  } // prettier-ignore

  it("is ASCII, whatever a client asked for", async () => {
    const line = await written(0, 1);
    assert.match(line, /^[\x20-\x7e]+\n$/);
    assert.ok(line.includes(String.raw`"path":"/1/\u00e9\u202e"`), line);
  });
});
