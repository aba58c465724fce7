/** What becomes of a client's header line, decided by its folded name. */
import { foldName, isReserved } from "@sallyport/identity";
import { ownCopy } from "./own-copy.ts";

export type LineKind = "forward" | "drop" | "host";

/** Hop-by-hop names (RFC 9110 section 7.6.1), those that frame the message, and Expect: written anew or answered here. */
const ownBusiness = new Set(
  ["Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info", "TE",
    "Trailer", "Trailers", "Transfer-Encoding", "Content-Length", "Upgrade", "HTTP2-Settings", "Expect", "Host"].map(foldName),
); // prettier-ignore

const held = new Map<string, LineKind>();
const mostHeld = 1000;

/** Names repeat from request to request: the answer is kept, for so many spellings and no more. */
export function classify(name: string): LineKind {
  let kind = held.get(name);
  if (kind === undefined) {
    kind = judge(name);
    if (held.size < mostHeld) held.set(ownCopy(name), kind);
  }
  return kind;
}

function judge(name: string): LineKind {
  if (name.toLowerCase() === "host") return "host";
  const folded = foldName(name);
  return ownBusiness.has(folded) || isReserved(folded) ? "drop" : "forward";
}
