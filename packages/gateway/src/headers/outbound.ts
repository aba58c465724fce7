/** The outbound head: sanitise first, inject last. Nothing else writes one. */
import { Refusal } from "../refuse/refusal.ts";
import type { Framing } from "./framing.ts";
import type { Sanitised } from "./sanitise.ts";

/**
 * @param target origin-form, already validated and mapped to the upstream
 * @param upgrade whether the exchange asks for a WebSocket: the only case in which Connection and Upgrade are written
 * @param injected see inject.ts
 * @param limit octets that the upstream takes: a head that outgrows it by what is injected is refused here, where the
 *   reason can be told, before the upstream cuts or refuses it
 * @throws Refusal `head-too-large`
 */
export function outboundHead(
  method: string,
  target: string,
  { host, lines }: Sanitised,
  framing: Framing,
  upgrade: boolean,
  injected: string,
  limit: number,
): string {
  const hop = upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : "";
  const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines}${framing.line}${hop}${injected}\r\n`;
  if (head.length > limit)
    throw new Refusal("head-too-large", `${head.length} octets with the gateway's own lines`);
  return head;
}
