/** `/flask` -> `/flask/`: 308 keeps the method and the body, and a path alone keeps whatever host and scheme the client used. */
import { ownHeaders } from "../pages/page.ts";

export function redirectTo(location: string): { status: number; headers: string[]; body: string } {
  return { status: 308, headers: [...ownHeaders, "Location", location], body: "" };
}
