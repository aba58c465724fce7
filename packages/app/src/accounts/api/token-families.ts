/** Which sign-ins by token still live: one row a refresh token, one family a sign-in. */
import { createHash } from "node:crypto";
import type { Claims } from "../../auth/token/tokens.ts";
import type { Store } from "../../store/index.ts";

/** Sign-ins of one user at a time; the oldest ends when there would be more. */
const mostFamilies = 50;

export type TokenFamilies = {
  /** Writes the first refresh token of a family down. */
  readonly begin: (first: Claims) => Promise<void>;
  /**
   * Puts the next refresh token in the place of one that has not been used yet.
   * @returns `false` when the old one had been used before: somebody else has it, and the whole family has ended
   */
  readonly rotate: (old: string, next: Claims) => Promise<boolean>;
  /** Whose it is; `undefined` when the family has ended, or its user is gone. */
  readonly holder: (claims: Claims) => Promise<{ readonly id: number; readonly name: string } | undefined>;
  readonly end: (family: string) => Promise<void>;
};

export function tokenFamilies({ db }: Pick<Store, "db">, now: () => number = Date.now): TokenFamilies {
  const rowOf = ({ id, user, family, expires }: Claims) => ({
    jti_hash: hashOf(id),
    user_id: Number(user),
    family,
    issued: now(),
    expires: expires.getTime(),
    used: null,
    revoked: null,
  });
  const end = async (family: string): Promise<void> => {
    await db
      .updateTable("refresh_tokens")
      .set({ revoked: now() })
      .where("family", "=", family)
      .where("revoked", "is", null)
      .execute();
  };
  return {
    async begin(first) {
      const user = Number(first.user);
      await db
        .deleteFrom("refresh_tokens")
        .where("user_id", "=", user)
        .where("expires", "<", now())
        .execute();
      await db.insertInto("refresh_tokens").values(rowOf(first)).execute();
      const tooMany = await db
        .selectFrom("refresh_tokens")
        .select("family")
        .where("user_id", "=", user)
        .where("revoked", "is", null)
        .groupBy("family")
        .orderBy((expression) => expression.fn.max("issued"), "desc")
        .offset(mostFamilies)
        .limit(mostFamilies)
        .execute();
      for (const { family } of tooMany) await end(family);
    },
    async rotate(old, next) {
      const rotated = await db.transaction().execute(async (transaction) => {
        // Of two that come at once with the same token, one changes the row.
        const { numUpdatedRows } = await transaction
          .updateTable("refresh_tokens")
          .set({ used: now() })
          .where("jti_hash", "=", hashOf(old))
          .where("used", "is", null)
          .where("revoked", "is", null)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await transaction.insertInto("refresh_tokens").values(rowOf(next)).execute();
        return true;
      });
      if (!rotated) await end(next.family);
      return rotated;
    },
    holder: ({ family, user }) =>
      db
        .selectFrom("refresh_tokens")
        .innerJoin("users", "users.id", "refresh_tokens.user_id")
        .select(["users.id", "users.name"])
        .where("family", "=", family)
        .where("user_id", "=", Number(user))
        .where("revoked", "is", null)
        .executeTakeFirst(),
    end,
  };
}

/** Whoever reads the table learns no token's id. */
function hashOf(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}
