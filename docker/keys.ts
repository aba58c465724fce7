/**
 * Runs once before the containers do, and lays below /keys/CONTAINER what that container may read: files of its own user,
 * mode 0400. What was made outside (/run/secrets) is copied anew each time; secrets are made when there are none, and stay.
 */
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The user of each container: 1000 in ours, 999 in the official images of PostgreSQL and Redis. */
const containers = { gateway: 1000, app: 1000, database: 999, sessions: 999 };
type Container = keyof typeof containers;

const folderOf = (container: Container) => join("/keys", container);
const present = (container: Container) => existsSync(folderOf(container));

/** The file appears whole, or not at all. */
function give(container: Container, name: string, content: string | Buffer): void {
  const file = join(folderOf(container), name);
  writeFileSync(`${file}.new`, content, { mode: 0o400 });
  chownSync(`${file}.new`, containers[container], containers[container]);
  renameSync(`${file}.new`, file);
}

/** One secret for those who share it: the first of them that has it already says what it is. */
function share(name: string, among: readonly Container[]): string {
  const files = among.map((container) => join(folderOf(container), name));
  const held = files.find((file) => existsSync(file));
  const secret = held === undefined ? `${randomBytes(32).toString("hex")}\n` : readFileSync(held, "utf8");
  for (const container of among.filter(present)) give(container, name, secret);
  return secret.trim();
}

for (const name of ["server.crt", "server.key", "root.pem"])
  give("gateway", name, readFileSync(join("/run/secrets", name)));
share("backend.secret", ["gateway", "app"]);
// Several of each (compose.scale.yaml) have more in common.
if (present("database")) {
  share("ticket.secret", ["gateway"]);
  share("app.secret", ["app"]);
  share("database.password", ["app", "database"]);
  const password = share("sessions.password", ["app", "sessions"]);
  // What is in Redis may be lost: people sign in again.
  give("sessions", "redis.conf", `requirepass ${password}\nsave ""\nappendonly no\nprotected-mode no\n`);
}
