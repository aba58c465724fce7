/** The audit trail: one JSON line for each act. What is handed out is on the disk first. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { StartError } from "./start-error.ts";

/** One act. Never a token, a password or a key. */
export type Act = {
  readonly act: "invite" | "withdraw" | "enrol" | "collect" | "renew";
  readonly outcome: "done" | "refused" | "failed";
  /** Who did it: a user of this machine, or the subject of a certificate. The holder of an invitation is nobody more. */
  readonly by?: string | undefined;
  /** Where they were, as the gateway says. */
  readonly address?: string | undefined;
  /** The number of the invitation. */
  readonly invitation?: string | undefined;
  /** Whom it is about. */
  readonly for?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly notAfter?: Date | undefined;
  /** Why not. */
  readonly reason?: string | undefined;
};

export type Audit = (act: Act) => void;

/**
 * @param also told of each act, too: the log
 * @throws StartError when the file cannot be appended to: nothing is done that is not written down
 */
export function openAudit(file: string, also: (act: Act) => void = () => undefined): Audit {
  const append = (text: string, flush: boolean) => {
    try {
      // one write for one line: lines of two processes do not mix
      appendFileSync(file, text, { mode: 0o600, flush });
    } catch (error) {
      throw new StartError(`${file} cannot be written to. Look at it: ls -l '${dirname(file)}'`, {
        cause: error,
      });
    }
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  append("", false);
  return (act) => {
    // strangers, whose acts are all refused, do not get to keep the disk busy
    append(`${JSON.stringify({ time: new Date().toISOString(), ...act })}\n`, act.outcome === "done");
    also(act);
  };
}
