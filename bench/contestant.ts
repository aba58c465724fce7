/** Who stands in a table: a server, and what is different about it there. */
import type { Server, Settings } from "./servers/server.ts";

export type Contestant = {
  /** By which the table, the budget and `--servers` know it: one name, one row. */
  readonly name: string;
  readonly title: string;
  readonly server: Server;
  /** Where it differs from what every server is told otherwise. */
  readonly settings?: Partial<Settings>;
  /** Header lines of a request beside Host and the forged one; five, unless given. */
  readonly headers?: number;
};

/** Every server once, as it is told to be. */
export function asTheyAre(servers: readonly Server[]): Contestant[] {
  return servers.map((server) => ({ name: server.name, title: server.title, server }));
}
