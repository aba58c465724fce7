/** What a recording backend was asked, and who it was told is asking: `/flask/ SUCCESS CN=Grace Hopper,ST=Virginia,C=US`. */
import { fold } from "./fold.ts";
import type { RecordingBackend } from "./recording-backend.ts";

/** Sorted: requests come by several connections, each in its own time. Every line that folds to an identity header counts. */
export function arrivals(backend: RecordingBackend): readonly string[] {
  if (backend.leftovers().some(({ rest }) => rest === "broken"))
    throw new Error("octets that are no request");
  return backend
    .requests()
    .map(({ target, lines }) => {
      const told = (header: string) =>
        lines.filter(([name]) => fold(name) === header).map(([, value]) => value);
      return [target, ...told("ssl_client_verify"), ...told("ssl_client_s_dn")].join(" ");
    })
    .toSorted();
}
