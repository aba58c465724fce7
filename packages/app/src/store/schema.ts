/** Every table, as both engines keep it. Times are milliseconds since 1970 (UTC), flags do not occur, ids are numbers. */
import type { Generated } from "kysely";

export type Database = {
  users: UsersTable;
  identities: IdentitiesTable;
  passwords: PasswordsTable;
  entries: EntriesTable;
  sessions: SessionsTable;
  tasks: TasksTable;
  refresh_tokens: RefreshTokensTable;
};

/** One row a person. What proves that somebody is this person is in `identities`, never the name. */
export type UsersTable = {
  readonly id: Generated<number>;
  /** As it is shown. Several people may have the same. */
  readonly name: string;
  /** {@link foldKey} of the name: to find out whether somebody is called so, not to find somebody. */
  readonly name_key: string;
  readonly created: number;
};

/** What a person can prove, at most one person each: unique over `kind` and `key`. */
export type IdentitiesTable = {
  readonly id: Generated<number>;
  readonly user_id: number;
  readonly kind: "certificate" | "username" | "email";
  /** `certificate`: a digest of issuer and subject (auth/certificate-account.ts). The others: {@link foldKey} of what was given. */
  readonly key: string;
  /** As it is shown: the subject's CN, the username, the address. */
  readonly shown: string;
  /** RFC 4514 text of a certificate's issuer and subject, to show. */
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly created: number;
};

export type PasswordsTable = {
  readonly user_id: number;
  /** Says by itself how it was made: `$argon2id$...`, `pbkdf2:sha256:...`, `scrypt:...`, `$2b$...`. */
  readonly hash: string;
  readonly changed: number;
};

export type EntriesTable = {
  /** Ascends in the order of creation. */
  readonly id: Generated<number>;
  readonly user_id: number;
  readonly title: string;
  /** {@link foldKey} of the title. Unique. */
  readonly title_key: string;
  /** Plain text; lines end with LF. */
  readonly body: string;
  readonly created: number;
  readonly edited: number | null;
};

export type SessionsTable = {
  /** SHA-256 of the id in the cookie, in hex: whoever reads the table cannot sign in with it. */
  readonly id_hash: string;
  readonly user_id: number | null;
  /** JSON. */
  readonly data: string;
  readonly created: number;
  readonly seen: number;
  readonly expires: number;
  readonly user_agent: string;
  readonly address: string;
};

export type TasksTable = {
  readonly id: Generated<number>;
  readonly user_id: number;
  readonly title: string;
  readonly description: string | null;
  readonly status: "todo" | "doing" | "done";
  /** Where it stands in its column, from above. Not unique: ties go by id. */
  readonly position: number;
  readonly created: number;
  readonly edited: number | null;
};

export type RefreshTokensTable = {
  /** SHA-256 of the `jti`, in hex. */
  readonly jti_hash: string;
  readonly user_id: number;
  /** All tokens that came from one sign-in by rotation. */
  readonly family: string;
  readonly issued: number;
  readonly expires: number;
  readonly used: number | null;
  readonly revoked: number | null;
};
