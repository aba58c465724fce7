/** A server under test. A new one is a file beside this one and a line in index.ts. */
import type { Certificates } from "../certificates.ts";

/** What differs from one table to another. A server may leave out what no table of its own asks for. */
export type Settings = {
  /** A line for every request, into a file. */
  readonly accessLog: boolean;
  readonly workers: number;
  /** Where it may run, as taskset takes it. */
  readonly cores: string;
  readonly routes: number;
  readonly rules: number;
  /** Certificates on the revocation list. */
  readonly revoked: number;
};

/** Where it is to run and what it is to do there: mutual TLS on the port, `/flask/` to the backend. */
export type Site = Settings & {
  readonly port: number;
  readonly backendPort: number;
  /** Its own, and empty. */
  readonly folder: string;
  readonly certificates: Certificates;
  /** PEM or DER file, with as many entries as the settings say. */
  readonly revocationList: string;
};

export type Server = {
  /** The word for `--servers`. */
  readonly name: string;
  readonly title: string;
  /** Whether its machine code is made while it runs, of what has run often. */
  readonly compilesItself: boolean;
  /** Whether it can be given a revocation list. */
  readonly knowsRevocation: boolean;
  /**
   * What is installed here, for the page of results.
   * @throws ProgramMissing
   */
  readonly version: () => string;
  /**
   * Writes its configuration into the site's folder.
   * @returns the command that runs it in the foreground
   * @throws ProgramMissing
   */
  readonly command: (site: Site) => readonly string[];
};
