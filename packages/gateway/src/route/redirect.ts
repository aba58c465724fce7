/** `/flask` -> `/flask/`: 308 keeps the method and the body, and a path alone keeps whatever host and scheme the client used. */
import { ownAnswer, type OwnAnswer } from "../pages/own-answer.ts";

export function redirectTo(location: string): OwnAnswer {
  return ownAnswer(308, "text", "", ["Location", location]);
}
