/** Sessions in the store's own table. */
import type { Kysely, Selectable } from "kysely";
import type { Database, SessionsTable } from "./schema.ts";
import type { SessionRecord, SessionRecords } from "./session-records.ts";

/** @param now the clock, in milliseconds */
export function sessionTable(db: Kysely<Database>, now: () => number = Date.now): SessionRecords {
  return {
    async find(idHash) {
      const row = await db
        .selectFrom("sessions")
        .selectAll()
        .where("id_hash", "=", idHash)
        .where("expires", ">", now())
        .executeTakeFirst();
      return row && read(row);
    },
    async put(record) {
      const { id_hash, ...rest } = write(record);
      await db
        .insertInto("sessions")
        .values({ id_hash, ...rest })
        .onConflict((conflict) => conflict.column("id_hash").doUpdateSet(rest))
        .execute();
    },
    async replace(record) {
      const { id_hash, ...rest } = write(record);
      await db.updateTable("sessions").set(rest).where("id_hash", "=", id_hash).execute();
    },
    async touch(idHash, seen, expires) {
      await db.updateTable("sessions").set({ seen, expires }).where("id_hash", "=", idHash).execute();
    },
    async remove(idHash) {
      await db.deleteFrom("sessions").where("id_hash", "=", idHash).execute();
    },
    async ofUser(userId) {
      const rows = await db
        .selectFrom("sessions")
        .selectAll()
        .where("user_id", "=", userId)
        .where("expires", ">", now())
        .orderBy("seen", "desc")
        .orderBy("id_hash")
        .execute();
      return rows.map(read);
    },
    async removeAllOf(userId, except = "") {
      const { numDeletedRows } = await db
        .deleteFrom("sessions")
        .where("user_id", "=", userId)
        .where("id_hash", "!=", except)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    async sweep() {
      const { numDeletedRows } = await db
        .deleteFrom("sessions")
        .where("expires", "<=", now())
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

function read(row: Selectable<SessionsTable>): SessionRecord {
  const { id_hash: idHash, user_id: userId, user_agent: userAgent, ...rest } = row;
  return { idHash, userId, userAgent, ...rest };
}

function write({ idHash, userId, userAgent, ...rest }: SessionRecord): SessionsTable {
  return { id_hash: idHash, user_id: userId, user_agent: userAgent, ...rest };
}
