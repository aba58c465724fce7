/** Which methods pass, and which of Node's five events may bring a request. */
import { Refusal } from "../refuse/refusal.ts";

/**
 * TRACE would hand the client what was injected for it, the backend's secret included; CONNECT is a forward proxy's
 * business; an Expect other than 100-continue cannot be met (RFC 9110 section 10.1.1).
 * @throws Refusal `method-not-allowed` or `expectation-failed`
 */
export function permittedMethod(method = "", kind: string): string {
  if (kind === "connect" || method === "TRACE" || method === "CONNECT")
    throw new Refusal("method-not-allowed", method);
  if (kind === "expectation") throw new Refusal("expectation-failed");
  return method;
}
