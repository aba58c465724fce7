import assert from "node:assert/strict";
import type { RecordingBackend } from "../../support/recording-backend.ts";
import type { Site } from "./site.ts";
import { visit, type Visit } from "./visit.ts";

/**
 * What the backend is told when somebody visits the server on this port: for each name its values as they arrived, in
 * that very spelling (only case does not count).
 */
export async function told(
  backend: RecordingBackend,
  names: readonly string[],
  site: Site,
  port: number,
  as: Visit["as"],
): Promise<Record<string, readonly string[]>> {
  backend.forget();
  const outcome = await visit(site, port, { as });
  assert.deepEqual(outcome, { status: 200, body: "ok\n" });
  const [request, ...more] = backend.requests();
  assert.ok(request && more.length === 0, "one request arrives");
  const valuesOf = (wanted: string) =>
    request.lines.filter(([name]) => name.toLowerCase() === wanted.toLowerCase()).map(([, value]) => value);
  return Object.fromEntries(names.map((name) => [name, valuesOf(name)]));
}
