/** Invitations on the disk, in SQLite: commands and the service use them at the same time, and a crash leaves no half of anything. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { StartError } from "../start-error.ts";
import type { Invitation, Invitee, UsedBy } from "./invitation.ts";
import { hashOfToken, newNumber, newToken } from "./token.ts";

export type InvitationStore = {
  /** The token is in the answer and nowhere else: what is kept is its SHA-256. */
  readonly invite: (invitee: Invitee, endsAt: Date) => Invitation & { readonly token: string };
  /** @param token as somebody gave it: anything at all */
  readonly find: (token: unknown) => Invitation | undefined;
  readonly all: () => readonly Invitation[];
  /** @returns whether it was open, and is not any more */
  readonly withdraw: (number: string, now: Date) => boolean;
  /** Takes the right, so that nobody else can. Of any number at once, exactly one gets `true`. */
  readonly claim: (number: string, now: Date) => boolean;
  /** Gives it back: nothing was issued. */
  readonly release: (number: string) => void;
  /** Uses it up. */
  readonly settle: (number: string, used: { readonly serialNumber: string; readonly usedBy: UsedBy }) => void;
  readonly close: () => void;
};

const table = `
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS invitation (
    number TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    salt TEXT NOT NULL,
    invitee TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    claimed_at INTEGER,
    used_by TEXT,
    serial_number TEXT
  ) STRICT`;

/** @throws StartError when the file cannot be opened */
export function openInvitations(file: string): InvitationStore {
  const database = open(file);
  const insert = database.prepare(
    "INSERT INTO invitation (number, token, salt, invitee, made_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const byToken = database.prepare("SELECT * FROM invitation WHERE token = ?");
  const everyOne = database.prepare("SELECT * FROM invitation ORDER BY made_at, number");
  const withdraw = database.prepare(
    "UPDATE invitation SET withdrawn_at = ? WHERE number = ? AND withdrawn_at IS NULL AND claimed_at IS NULL",
  );
  const claim = database.prepare(
    "UPDATE invitation SET claimed_at = ?1 WHERE number = ?2 AND claimed_at IS NULL AND withdrawn_at IS NULL AND ends_at > ?1",
  );
  const release = database.prepare(
    "UPDATE invitation SET claimed_at = NULL WHERE number = ? AND serial_number IS NULL",
  );
  const settle = database.prepare("UPDATE invitation SET serial_number = ?, used_by = ? WHERE number = ?");
  return {
    invite(invitee, endsAt) {
      const [number, token, salt, madeAt] = [newNumber(), newToken(), newToken(), new Date()];
      const dates = [madeAt.getTime(), endsAt.getTime()];
      insert.run(number, hashOfToken(token) ?? "", salt, JSON.stringify(invitee), ...dates);
      return { ...invitee, number, token, salt, madeAt, endsAt };
    },
    find(token) {
      const hash = hashOfToken(token);
      const row = hash === undefined ? undefined : byToken.get(hash);
      return row && read(row);
    },
    all: () => everyOne.all().map(read),
    withdraw: (number, now) => withdraw.run(now.getTime(), number).changes === 1,
    claim: (number, now) => claim.run(now.getTime(), number).changes === 1,
    release(number) {
      release.run(number);
    },
    settle(number, { serialNumber, usedBy }) {
      settle.run(serialNumber, usedBy, number);
    },
    close() {
      database.close();
    },
  };
}

function open(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600)); // SQLite itself would let others read it
    const database = new DatabaseSync(file, { timeout: 5000 });
    database.exec(table);
    return database;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${file} cannot be opened (${reason}). Look at it: ls -l '${dirname(file)}'`, {
      cause: error,
    });
  }
}

function read(row: Readonly<Record<string, SQLOutputValue>>): Invitation {
  const date = (column: string) => new Date(Number(row[column]));
  const maybe = (column: string) => (row[column] === null ? undefined : date(column));
  return {
    ...(JSON.parse(String(row["invitee"])) as Invitee),
    number: String(row["number"]),
    salt: String(row["salt"]),
    madeAt: date("made_at"),
    endsAt: date("ends_at"),
    withdrawnAt: maybe("withdrawn_at"),
    claimedAt: maybe("claimed_at"),
    ...(row["serial_number"] !== null && {
      serialNumber: String(row["serial_number"]),
      usedBy: row["used_by"] as UsedBy,
    }),
  };
}
