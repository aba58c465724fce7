/** Which header names a configuration may set, remove or let pass. */
import { foldName, isReserved } from "@sallyport/identity";
import { z } from "zod";

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What is said between two hops alone, frames or routes the message: written anew by the gateway, or answered by it. */
const ownBusiness = new Set(
  ["Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info", "TE",
    "Trailer", "Trailers", "Transfer-Encoding", "Content-Length", "Upgrade", "HTTP2-Settings", "Expect", "Host"].map(foldName),
); // prettier-ignore

/** Names that decide how a message is read, and mean nothing behind it (RFC 9110 section 6.5.1). */
const notInTrailers = new Set(
  ["Age", "Authorization", "Cache-Control", "Content-Encoding", "Content-Range", "Content-Type", "Cookie", "Date", "Expires",
    "Location", "Max-Forwards", "Range", "Retry-After", "Set-Cookie", "Vary", "Warning", "WWW-Authenticate"].map(foldName),
); // prettier-ignore

/** @returns what is wrong with it, if anything is */
function problemWith(name: string): string | undefined {
  if (!token.test(name)) return "is no header name";
  const folded = foldName(name);
  if (ownBusiness.has(folded))
    return "is the gateway's own business: it frames or routes the message, or is for one hop alone";
  if (isReserved(folded)) return "carries identity: only the gateway writes it";
  return undefined;
}

const nameWithout = (problemOf: (name: string) => string | undefined) =>
  z.string().superRefine((name, context) => {
    const message = problemOf(name);
    if (message !== undefined) context.addIssue({ code: "custom", message, input: name });
  });

export const headerName = nameWithout(problemWith);

export const trailerName = nameWithout(
  (name) =>
    problemWith(name) ??
    (notInTrailers.has(foldName(name)) ? "has no meaning behind a message's content" : undefined),
);

/** What can stand in a header line: visible ASCII, with spaces and tabs inside. */
const headerValue = z
  .string()
  .regex(
    /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/,
    "must be visible ASCII, without blanks at its ends",
  );

/** Lines to set and to remove. */
export const headerChanges = z.strictObject({
  set: z
    .record(z.string(), headerValue)
    .default({})
    .superRefine((lines, context) => {
      for (const name of Object.keys(lines)) {
        const message = problemWith(name);
        if (message !== undefined)
          context.addIssue({ code: "custom", message, path: [name], input: lines });
      }
    })
    .describe("Names with their values. They take the place of every line with that name, in any spelling."),
  remove: z.array(headerName).default([]).describe("Names of lines that are dropped."),
}); // prettier-ignore
