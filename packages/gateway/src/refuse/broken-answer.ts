/** The answer to what could not even be read as a request. */
import type { OwnAnswer } from "../pages/own-answer.ts";
import { refusalAnswer } from "./answer.ts";
import { newIncident } from "./incident.ts";
import type { Refusal } from "./refusal.ts";
import { stranger, type Visitor } from "./visitor.ts";

/** @param known what could be learnt about the sender all the same; without `accept` they get problem details */
export function brokenAnswer(
  refusal: Refusal,
  known: Partial<Visitor> = {},
): { answer: OwnAnswer; incident: string } {
  const incident = newIncident();
  return { answer: refusalAnswer(refusal, incident, { ...stranger(), ...known }), incident };
}
