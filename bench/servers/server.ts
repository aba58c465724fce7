/** A server under test. A new one is a file beside this one and a line in index.ts. */
import type { Certificates } from "../certificates.ts";

/** Where it is to run and what it is to do there: mutual TLS on the port, `/flask/` to the backend. */
export type Site = {
  readonly port: number;
  readonly backendPort: number;
  /** Its own, and empty. */
  readonly folder: string;
  readonly certificates: Certificates;
};

export type Server = {
  /** The word for `--peers`. */
  readonly name: string;
  readonly title: string;
  /** Seconds of load before it is measured for the first time. */
  readonly warmUp: number;
  /**
   * Writes its configuration into the site's folder.
   * @returns the command that runs it in the foreground
   * @throws ProgramMissing
   */
  readonly command: (site: Site) => readonly string[];
};

/** Optimising compilers want to have seen the same requests for a while; programs in C do not care. */
export const nodeWarmUp = 8;
export const nativeWarmUp = 1;
