/** People and what they can prove, their sessions and tokens, the journal, tasks. */
import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import { identityColumn, ruleName, type Engine } from "../engine.ts";

export function peopleJournalTasks(engine: Engine): Migration {
  const id = identityColumn(engine);
  const unique = (table: string, ...columns: string[]) => ruleName(table, ...columns);
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("users")
        .addColumn("id", id.type, id.build)
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("name_key", "text", (column) => column.notNull())
        .addColumn("created", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("users_by_name").on("users").column("name_key").execute();

      await db.schema
        .createTable("identities")
        .addColumn("id", id.type, id.build)
        .addColumn("user_id", "bigint", (column) =>
          column.notNull().references("users.id").onDelete("cascade"),
        )
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("shown", "text", (column) => column.notNull())
        .addColumn("issuer", "text")
        .addColumn("subject", "text")
        .addColumn("created", "bigint", (column) => column.notNull())
        .addUniqueConstraint(unique("identities", "kind", "key"), ["kind", "key"])
        .execute();
      await db.schema.createIndex("identities_by_user").on("identities").column("user_id").execute();

      await db.schema
        .createTable("passwords")
        .addColumn("user_id", "bigint", (column) =>
          column.notNull().references("users.id").onDelete("cascade"),
        )
        .addColumn("hash", "text", (column) => column.notNull())
        .addColumn("changed", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint(unique("passwords", "user_id"), ["user_id"])
        .execute();

      await db.schema
        .createTable("entries")
        .addColumn("id", id.type, id.build)
        .addColumn("user_id", "bigint", (column) =>
          column.notNull().references("users.id").onDelete("cascade"),
        )
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("title_key", "text", (column) => column.notNull())
        .addColumn("body", "text", (column) => column.notNull())
        .addColumn("created", "bigint", (column) => column.notNull())
        .addColumn("edited", "bigint")
        .addUniqueConstraint(unique("entries", "title_key"), ["title_key"])
        .execute();
      await db.schema.createIndex("entries_by_user").on("entries").column("user_id").execute();

      await db.schema
        .createTable("sessions")
        .addColumn("id_hash", "text", (column) => column.notNull())
        .addColumn("user_id", "bigint", (column) => column.references("users.id").onDelete("cascade"))
        .addColumn("data", "text", (column) => column.notNull())
        .addColumn("created", "bigint", (column) => column.notNull())
        .addColumn("seen", "bigint", (column) => column.notNull())
        .addColumn("expires", "bigint", (column) => column.notNull())
        .addColumn("user_agent", "text", (column) => column.notNull())
        .addColumn("address", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint(unique("sessions", "id_hash"), ["id_hash"])
        .execute();
      await db.schema.createIndex("sessions_by_user").on("sessions").column("user_id").execute();
      await db.schema.createIndex("sessions_by_end").on("sessions").column("expires").execute();

      await db.schema
        .createTable("tasks")
        .addColumn("id", id.type, id.build)
        .addColumn("user_id", "bigint", (column) =>
          column.notNull().references("users.id").onDelete("cascade"),
        )
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("description", "text")
        .addColumn("status", "text", (column) => column.notNull())
        .addColumn("position", "bigint", (column) => column.notNull())
        .addColumn("created", "bigint", (column) => column.notNull())
        .addColumn("edited", "bigint")
        .execute();
      await db.schema
        .createIndex("tasks_by_user")
        .on("tasks")
        .columns(["user_id", "status", "position"])
        .execute();

      await db.schema
        .createTable("refresh_tokens")
        .addColumn("jti_hash", "text", (column) => column.notNull())
        .addColumn("user_id", "bigint", (column) =>
          column.notNull().references("users.id").onDelete("cascade"),
        )
        .addColumn("family", "text", (column) => column.notNull())
        .addColumn("issued", "bigint", (column) => column.notNull())
        .addColumn("expires", "bigint", (column) => column.notNull())
        .addColumn("used", "bigint")
        .addColumn("revoked", "bigint")
        .addPrimaryKeyConstraint(unique("refresh_tokens", "jti_hash"), ["jti_hash"])
        .execute();
      await db.schema.createIndex("refresh_tokens_by_family").on("refresh_tokens").column("family").execute();
      await db.schema.createIndex("refresh_tokens_by_user").on("refresh_tokens").column("user_id").execute();
    },

    async down(db: Kysely<unknown>) {
      for (const table of [
        "refresh_tokens",
        "tasks",
        "sessions",
        "entries",
        "passwords",
        "identities",
        "users",
      ]) {
        await db.schema.dropTable(table).execute();
      }
    },
  };
}
