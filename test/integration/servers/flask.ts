/** A Flask application under Debian's own Python, whichever Python comes first in PATH. */
import { join } from "node:path";
import type { TestContext } from "node:test";
import { installed } from "./installed.ts";
import { startProgram } from "./program.ts";

export type FlaskOptions = {
  /** A file of the folder `fixtures`. */
  readonly fixture?: string;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** @returns its address, `http://127.0.0.1:PORT/` */
export async function startFlask(
  context: TestContext,
  { fixture = "hello.py", words = [], env = {} }: FlaskOptions = {},
): Promise<string> {
  await installed("/usr/lib/python3/dist-packages/flask/__init__.py");
  // -I: nothing from the user's own folders or environment, above all no newer Werkzeug
  const flask = await startProgram(
    context,
    "/usr/bin/python3",
    ["-I", join(import.meta.dirname, "../fixtures", fixture), ...words],
    { ...process.env, ...env },
  );
  const [url] = await flask.says(/http:\/\/127\.0\.0\.1:\d+\//);
  return url;
}
