/** Every change of the tables, in order. A new one is a file and a line here; one that was released is never edited. */
import type { Migration } from "kysely/migration";
import type { Engine } from "../engine.ts";
import { peopleJournalTasks } from "./0001-people-journal-tasks.ts";

export function migrations(engine: Engine): Record<string, Migration> {
  return {
    "0001-people-journal-tasks": peopleJournalTasks(engine),
  };
}
