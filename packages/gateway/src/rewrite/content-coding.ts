/** The content codings that a page can be read and written again in (RFC 9110 section 8.4.1, RFC 9659). */
import type { Transform } from "node:stream";
import {
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createGunzip,
  createGzip,
  createZstdCompress,
  createZstdDecompress,
} from "node:zlib";

/** `deflate` is none of them: it is sent in two formats, and only the octets would tell which. */
export type ContentCoding = { readonly decode: () => Transform; readonly encode: () => Transform };

/** Each piece of the page is passed on as it comes, and not when the encoder has seen enough. */
const gzipFlush = { flush: constants.Z_SYNC_FLUSH };
const brotliFlush = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};
const zstdFlush = { flush: constants.ZSTD_e_flush };
/** Decoded octets in one piece. */
const pieces = { chunkSize: 65_536 };

const gzip: ContentCoding = { decode: () => createGunzip(pieces), encode: () => createGzip(gzipFlush) };

const codings = new Map<string, ContentCoding>([
  ["gzip", gzip],
  ["x-gzip", gzip],
  ["br", { decode: () => createBrotliDecompress(pieces), encode: () => createBrotliCompress(brotliFlush) }],
  ["zstd", { decode: () => createZstdDecompress(pieces), encode: () => createZstdCompress(zstdFlush) }],
]);

export function contentCoding(name: string): ContentCoding | undefined {
  return codings.get(name.toLowerCase());
}

/**
 * What the upstream may be asked for where pages are rewritten: of the codings that the client takes, those that we can
 * read.
 * @param lines header lines, each with its CRLF
 */
export function onlyReadable(lines: string): string {
  return lines.replace(/^(Accept-Encoding:)(.*)\r$/gim, (_, name: string, value: string) => {
    const readable = value.split(",").filter((member) => {
      const coding = (member.split(";")[0] ?? "").trim().toLowerCase();
      return coding === "identity" || codings.has(coding);
    });
    return `${name} ${readable.join(",").trim() || "identity"}\r`;
  });
}
