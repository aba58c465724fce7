/** One request over one connection of its own, and what came of it. */
import { request } from "node:https";
import type { SecureVersion } from "node:tls";
import { text } from "node:stream/consumers";
import type { Issued } from "@sallyport/certs";
import type { Site } from "./site.ts";

export type Visit = {
  readonly as?: Pick<Issued, "certificatePem" | "privateKeyPem"> | undefined;
  /** Names and values in turn, written as they are given. */
  readonly headers?: readonly string[];
  readonly version?: SecureVersion;
};

export type Outcome = {
  /** The status of the answer; `undefined` when TLS ended without one. */
  readonly status: number | undefined;
  /** The answer's body, or what the connection ended with. */
  readonly body: string;
};

/** `GET /flask/` at a server of the site that listens on this port of 127.0.0.1. */
export function visit(site: Site, port: number, { as, headers = [], version }: Visit): Promise<Outcome> {
  return new Promise((resolve) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path: "/flask/",
      servername: "flask.local",
      ca: site.root.certificatePem,
      ...(as && { cert: as.certificatePem, key: as.privateKeyPem }),
      ...(version && { minVersion: version, maxVersion: version }),
      agent: false,
      timeout: 10_000,
      headers: ["Host", `flask.local:${port}`, "Connection", "close", ...headers],
    });
    const ended = (error: Error) => {
      resolve({ status: undefined, body: error.message });
    };
    sent.on("timeout", () => sent.destroy(new Error("no answer within ten seconds")));
    sent.on("error", ended).on("response", (answer) => {
      text(answer).then((body) => { resolve({ status: answer.statusCode, body }); }, ended); // prettier-ignore
    });
    sent.end();
  });
}
