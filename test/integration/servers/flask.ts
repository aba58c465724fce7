/** A Flask application under Debian's own Python, whichever Python comes first in PATH. */
import { join } from "node:path";
import type { TestContext } from "node:test";
import { installed } from "./installed.ts";
import { startProgram } from "./program.ts";

const hello = join(import.meta.dirname, "../fixtures/hello.py");

/** @returns its address, `http://127.0.0.1:PORT/` */
export async function startFlask(context: TestContext): Promise<string> {
  await installed("/usr/lib/python3/dist-packages/flask/__init__.py");
  // -I: nothing from the user's own folders or environment, above all no newer Werkzeug
  const flask = await startProgram(context, "/usr/bin/python3", ["-I", hello]);
  const [url] = await flask.says(/http:\/\/127\.0\.0\.1:\d+\//);
  return url;
}
