/** Which methods pass, and which of Node's five events may bring a request. */
import { Refusal } from "../refuse/refusal.ts";

/** Node's parser reads these too, of a request whose version is labelled RTSP/1.0; no HTTP server knows them. */
const ofRtsp = new Set(
  ["DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER", "REDIRECT", "RECORD", "FLUSH"],
); // prettier-ignore

/**
 * TRACE would hand the client what was injected for it, the backend's secret included; CONNECT is a forward proxy's
 * business; an Expect other than 100-continue cannot be met (RFC 9110 section 10.1.1).
 * @param allowed those that the route takes; all, unless given
 * @throws Refusal `method-not-allowed` or `expectation-failed`
 */
export function permittedMethod(method = "", kind: string, allowed?: ReadonlySet<string>): string {
  if (kind === "connect" || method === "TRACE" || method === "CONNECT" || ofRtsp.has(method))
    throw new Refusal("method-not-allowed", method);
  if (allowed && !allowed.has(method))
    throw new Refusal("method-not-allowed", method, ["Allow", [...allowed].join(", ")]);
  if (kind === "expectation") throw new Refusal("expectation-failed");
  return method;
}
