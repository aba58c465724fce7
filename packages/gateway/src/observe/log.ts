/** One JSON line per exchange and per event of the process, on standard output. */
import { once } from "node:events";
import pino from "pino";

export type AccessLine = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** RFC 4514, ASCII; null for an anonymous client. Of an unverified certificate it is what the client claims: see verify. */
  readonly subject: string | null;
  readonly verify: string;
  readonly route: string | null;
  /** Which of the route's targets had it, where there are several. */
  readonly target?: string | undefined;
  /** Milliseconds from the request's head to the answer's end. */
  readonly duration: number;
  /** Octets of the answer's body. */
  readonly bytes: number;
  readonly address: string;
  /** Set on refusals: the public code, the operator's detail, and the id that the client was given. */
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly incident?: string | undefined;
};

export type Log = {
  /** `undefined` when exchanges are not logged: then nobody has to make the line. */
  readonly access: ((line: AccessLine) => void) | undefined;
  readonly event: (message: string, fields?: object) => void;
  readonly warning: (message: string, fields?: object) => void;
  readonly bug: (error: unknown) => void;
  /** Resolves when all that was logged is written; call it last. */
  readonly end: () => Promise<void>;
};

/** POSIX's PIPE_BUF: what several processes write to one pipe stays whole up to here. */
const whole = 4_096;

/**
 * @param access whether exchanges are logged; events of the process always are
 * @param worker stands in every line, where several write to the same place
 */
export function createLog(access: boolean, worker?: number): Log {
  const shared = worker === undefined ? {} : { maxWrite: whole };
  const destination = pino.destination({ fd: 1, sync: false, ...shared });
  const logger = pino(
    {
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // A terminal must not be told to reorder or hide what a client chose: everything outside ASCII is escaped.
      hooks: {
        streamWrite: (line) =>
          line.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
      },
    },
    destination,
  );
  return {
    access: access
      ? (line) => {
          logger.info(line);
        }
      : undefined,
    event: (message, fields = {}) => {
      logger.info(fields, message);
    },
    warning: (message, fields = {}) => {
      logger.warn(fields, message);
    },
    bug: (error) => {
      logger.error({ err: error }, "bug: please report it");
    },
    async end() {
      // flushSync would overtake a write that is under way.
      destination.end();
      await once(destination, "close");
    },
  };
}
