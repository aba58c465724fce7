/** The whole answer, as octets, to what could not even be read as a request. */
import { STATUS_CODES } from "node:http";
import { anonymous } from "@sallyport/identity";
import { refusalAnswer } from "./answer.ts";
import { newIncident } from "./incident.ts";
import type { Refusal } from "./refusal.ts";

export function brokenAnswer(refusal: Refusal): { answer: Buffer; incident: string } {
  const incident = newIncident();
  const { status, headers, body } = refusalAnswer(refusal, incident, anonymous, [], undefined);
  const lines = headers.map((part, at) => part + (at % 2 === 0 ? ": " : "\r\n")).join("");
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return { answer: Buffer.from(`${head}Connection: close\r\n\r\n${body}`), incident };
}
