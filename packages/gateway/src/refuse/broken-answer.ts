/** The answer to what could not even be read as a request: nothing is known of who sent it or what they would like to read. */
import { anonymous } from "@sallyport/identity";
import type { OwnAnswer } from "../pages/own-answer.ts";
import { refusalAnswer } from "./answer.ts";
import { newIncident } from "./incident.ts";
import type { Refusal } from "./refusal.ts";

export function brokenAnswer(refusal: Refusal): { answer: OwnAnswer; incident: string } {
  const incident = newIncident();
  return { answer: refusalAnswer(refusal, incident, anonymous, [], undefined), incident };
}
