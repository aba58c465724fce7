/** The app's container with a recording backend in it, and what that has been sent. */
import { join } from "node:path";
import type { Stack } from "./stack.ts";

const script = "/sallyport/recording-app.ts";

/** Compose's own words for a service that records. */
export const recordingApp = {
  services: {
    app: {
      entrypoint: ["node", script],
      volumes: [{ type: "bind", source: join(import.meta.dirname, "recording-app.ts"), target: script, read_only: true }], // prettier-ignore
    },
  },
};

/** The head of every request so far, octet for octet (latin1). */
export async function recorded(stack: Stack): Promise<readonly string[]> {
  return (await stack.log("app")).flatMap(({ request }) => (typeof request === "string" ? [request] : []));
}
