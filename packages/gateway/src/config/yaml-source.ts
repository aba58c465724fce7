/** A YAML file that remembers on which line each of its values stands. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isNode, LineCounter, parseDocument, type Document } from "yaml";
import { ConfigError } from "./config-error.ts";
import { whyUnreadable } from "./why-unreadable.ts";

export type YamlSource = {
  readonly file: string;
  readonly value: unknown;
  /** `gateway.yaml:3`: the line of the value at a path, or of the nearest thing above it that is there. */
  readonly place: (path: readonly PropertyKey[]) => string;
};

/** @throws ConfigError */
export function readYaml(file: string): YamlSource {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { what, next } = whyUnreadable(
      error,
      file,
      resolve(file),
      "give its path: sallyport serve --config FILE",
    );
    throw new ConfigError([{ place: file, path: "", what: `the configuration ${what}`, next }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => ({
        place: `${file}:${lines.linePos(error.pos[0]).line}`,
        path: "",
        what: `not YAML: ${error.message}`,
        next: "mend the line",
      })),
    );
  }
  const place = (path: readonly PropertyKey[]): string => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return `${file}:${lines.linePos(node.range[0]).line}`;
    }
    return `${file}:1`;
  };
  return { file, value: valueOf(document, file), place };
}

function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias to nothing, or so many that they would fill the memory.
    const what = `not YAML: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([
      { place: file, path: "", what, next: "write the values out instead of using aliases" },
    ]);
  }
}
