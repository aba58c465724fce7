/** PostgreSQL, for when one machine is not enough. */
import { PostgresDialect, type Dialect, type PostgresPoolClient, type PostgresQueryResult } from "kysely";
import pg from "pg";
import { fromPostgres } from "./engine.ts";
import { StoreUnavailable } from "./store-error.ts";

export type PostgresOptions = {
  /** `postgres://user@host/database`, without a password. */
  readonly url: string;
  readonly password: string | undefined;
  /** Told when an idle connection breaks. It is replaced when it is needed again. */
  readonly onTrouble: (error: Error) => void;
};

/** Kysely on a pool of connections. They are made when they are needed, so this throws nothing. */
export function postgresDialect({ url, password, onTrouble }: PostgresOptions): Dialect {
  const pool = new pg.Pool({
    connectionString: withPassword(url, password),
    application_name: "sallyport-app",
    max: 10,
    connectionTimeoutMillis: 3000,
    // The server gives up first, and says why; the second limit is for one that does not answer any more.
    statement_timeout: 10_000,
    lock_timeout: 3000,
    idle_in_transaction_session_timeout: 30_000,
    query_timeout: 12_000,
    keepAlive: true,
    // Counts and ids are bigint, which pg would hand out as text.
    types: { getTypeParser: (...[oid, format]: Parameters<typeof pg.types.getTypeParser>) => oid === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(oid, format) as unknown) }, // prettier-ignore
  });
  // Without a listener, a server that goes away would take the process with it.
  pool.on("error", onTrouble);
  return new PostgresDialect({
    pool: {
      options: pool.options,
      connect: () => connect(pool),
      end: () => pool.end(),
    },
  });
}

async function connect(pool: pg.Pool): Promise<PostgresPoolClient> {
  const client = await pool.connect().catch((error: unknown): never => {
    throw fromPostgres(error);
  });
  let isBroken = false;
  const query = async <Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>> => {
    try {
      return (await client.query(text, [...values])) as unknown as PostgresQueryResult<Row>;
    } catch (error) {
      const told = fromPostgres(error);
      isBroken ||= told instanceof StoreUnavailable && told.trouble === "away";
      throw told;
    }
  };
  const release = (): void => {
    client.release(isBroken); // a broken one is closed, and not handed out again
  };
  // Kysely asks for a cursor only to stream, and nothing here streams.
  return { query, release } as PostgresPoolClient;
}

function withPassword(url: string, password: string | undefined): string {
  const address = new URL(url);
  if (password !== undefined) address.password = encodeURIComponent(password);
  return address.href;
}
