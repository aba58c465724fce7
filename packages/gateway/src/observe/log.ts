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

/** Octets of one write. */
const most = 65_536;
/** Milliseconds. What a person who follows the log does not see, and a busy second makes a hundred writes of, not thousands. */
const held = 10;
/** POSIX's PIPE_BUF: what several processes write to one pipe stays whole up to here. */
const whole = 4_096;

/**
 * @param access whether exchanges are logged; events of the process always are
 * @param worker stands in every line, where several write to the same place
 */
export function createLog(access: boolean, worker?: number): Log {
  const base = worker === undefined ? null : { worker };
  const origin = worker === undefined ? "" : `"worker":${worker},`;
  const maxWrite = worker === undefined ? most : whole;
  const destination = pino.destination({ fd: 1, sync: false, maxWrite });
  const lines = gathered(destination, maxWrite);
  const logger = pino(
    {
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: inAscii },
    },
    { write: lines.writeNow },
  );
  return {
    access: access
      ? (line) => {
          // The same as logger.info, at a quarter of what it costs; there is one for every request.
          const text = `{"level":"info","time":"${now()}",${origin}${JSON.stringify(line).slice(1)}`;
          lines.write(`${inAscii(text)}\n`);
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
      lines.send();
      // flushSync would overtake a write that is under way.
      destination.end();
      await once(destination, "close");
    },
  };
}

/**
 * Lines that come soon after one another leave together: a thread has to be woken for each write, which costs more than
 * several lines do.
 * @param longest octets of what leaves together
 */
function gathered(destination: { readonly write: (text: string) => unknown }, longest: number) {
  let waiting = "";
  const send = () => {
    if (waiting !== "") destination.write(waiting);
    waiting = "";
  };
  return {
    write(line: string) {
      if (waiting === "") setTimeout(send, held);
      else if (waiting.length + line.length > longest) send();
      waiting += line;
    },
    /** It is written before anything else happens, behind those that wait. */
    writeNow: (line: string) => {
      send();
      destination.write(line);
    },
    send,
  };
}

/** A terminal must not be told to reorder or hide what a client chose: everything outside ASCII is escaped. */
function inAscii(line: string): string {
  return odd.test(line) ? line.replaceAll(everyOdd, escaped) : line;
}

const odd = /[\x7f-\uffff]/;
const everyOdd = new RegExp(odd, "g");

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

let latest = { at: NaN, text: "" };

/** ISO 8601; made once for all that happens within a millisecond. */
function now(): string {
  const at = Date.now();
  if (at !== latest.at) latest = { at, text: new Date(at).toISOString() };
  return latest.text;
}
