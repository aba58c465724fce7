/** A page as it comes out, for tests: in one piece, or in as many as are wanted. */
import type { Mapping } from "../mapping.ts";
import { HtmlRewriter } from "../html/html-rewriter.ts";

export const flask: Mapping = { prefix: "/flask/", basePath: "/", authorities: ["127.0.0.1:5000"] };
export const host = "flask.local:8443";

export function rewritten(
  pieces: readonly (string | Buffer)[],
  syntax: "html" | "xml" = "html",
  mapping = flask,
): string {
  const rewriter = new HtmlRewriter({ mapping, host }, syntax);
  let text = "";
  for (const piece of pieces)
    text += Buffer.from(rewriter.write(Buffer.from(piece as string, "latin1")) as Buffer).toString("latin1");
  return text + (rewriter.end() as Buffer).toString("latin1");
}
