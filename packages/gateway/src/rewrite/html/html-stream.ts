/** A page's octets -> its octets, rewritten: in whatever encoding it is. */
import { Transform, type TransformCallback } from "node:stream";
import type { Place } from "../mapping.ts";
import { HtmlRewriter } from "./html-rewriter.ts";
import { octetsOf, sniffUtf16, Utf16Reader, type Utf16 } from "./utf16.ts";

/** So many octets tell whether a byte order mark stands at the beginning. */
const longestMark = 2;

/** @param charset what the head of the answer says about the encoding; a byte order mark knows better (HTML section 13.2.3.2) */
export function htmlStream(place: Place, syntax: "html" | "xml", charset: string | undefined): Transform {
  const rewriter = new HtmlRewriter(place, syntax);
  let start: Buffer | undefined = Buffer.alloc(0);
  let reader: Utf16Reader | undefined;

  const begin = (octets: Buffer): Buffer => {
    const encoding: Utf16 | undefined = sniffUtf16(octets, charset);
    start = undefined;
    reader = encoding && new Utf16Reader(encoding);
    return rewrite(octets);
  };
  const rewrite = (octets: Buffer): Buffer => {
    if (start !== undefined) {
      start = Buffer.concat([start, octets]);
      return start.length < longestMark ? Buffer.alloc(0) : begin(start);
    }
    return reader
      ? octetsOf(rewriter.write(reader.read(octets)), reader.encoding)
      : octetsOf(rewriter.write(octets));
  };
  const finish = (): Buffer => {
    const before = start === undefined ? Buffer.alloc(0) : begin(start);
    return Buffer.concat([
      before,
      octetsOf(rewriter.end(), reader?.encoding),
      reader?.rest ?? Buffer.alloc(0),
    ]);
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      pass(done, () => rewrite(chunk));
    },
    flush(done) {
      pass(done, finish);
    },
  });
}

function pass(done: TransformCallback, work: () => Buffer): void {
  let result: Buffer;
  try {
    result = work();
  } catch (error) {
    done(error as Error);
    return;
  }
  if (result.length > 0) done(null, result);
  else done();
}
