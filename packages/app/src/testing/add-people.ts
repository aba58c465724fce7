import { foldKey, type Store } from "../store/index.ts";

/** Made-up people straight into the store, each with an e-mail address or without. @returns their ids */
export async function addPeople({ db }: Store, ...addresses: readonly (string | undefined)[]): Promise<readonly number[]> {
  const ids: number[] = [];
  for (const [at, email] of addresses.entries()) {
    const name = `Test Subject ${at}`;
    const { id } = await db
      .insertInto("users")
      .values({ name, name_key: foldKey(name), created: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    if (email !== undefined) {
      const identity = { kind: "email" as const, key: foldKey(email), shown: email, issuer: null, subject: null };
      await db.insertInto("identities").values({ user_id: id, ...identity, created: 0 }).execute();
    }
    ids.push(id);
  }
  return ids;
} // prettier-ignore
