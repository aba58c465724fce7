/** Why no request could be made of what a client sent, in the words of Node's parser. */
import { Refusal } from "../refuse/refusal.ts";

/** @returns `undefined` when the connection itself failed: there is nobody left to answer */
export function brokenRequest(error: NodeJS.ErrnoException): Refusal | undefined {
  const code = error.code ?? "";
  if (code === "HPE_HEADER_OVERFLOW") return new Refusal("head-too-large", "more than 16 KiB");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new Refusal("request-timeout", code);
  return code.startsWith("HPE_") ? new Refusal("request-malformed", `${code}: ${error.message}`) : undefined;
}
