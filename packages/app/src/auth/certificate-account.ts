/** The account of a certificate's holder: bound to issuer and subject, made at the first visit. */
import { createHash } from "node:crypto";
import { comparableName, printRfc4514, type AssertedIdentity } from "@sallyport/identity";
import { foldKey, Taken, type Store } from "../store/index.ts";
import type { SignedIn } from "./signed-in.ts";

/**
 * Finds the account that a proved identity belongs to, or makes it. A name that is the same as somebody's is no reason to
 * be somebody: whoever registered as "Grace Hopper" before she came with her certificate stays somebody else.
 * Of two first requests at once, one makes the account and both get it.
 * @throws StoreUnavailable
 */
export async function certificateAccount(
  { db }: Pick<Store, "db">,
  asserted: AssertedIdentity,
  name: string,
): Promise<SignedIn> {
  const key = keyOf(asserted);
  const certificate = {
    subject: asserted.subject && printRfc4514(asserted.subject),
    issuer: asserted.issuer && printRfc4514(asserted.issuer),
    notAfter: asserted.certificate?.notAfter,
    emails: asserted.emails,
  };
  const find = () =>
    db
      .selectFrom("identities")
      .innerJoin("users", "users.id", "identities.user_id")
      .select(["users.id", "users.name"])
      .where("identities.kind", "=", "certificate")
      .where("identities.key", "=", key)
      .executeTakeFirst();
  const make = () =>
    db.transaction().execute(async (transaction) => {
      const created = Date.now();
      const { id } = await transaction
        .insertInto("users")
        .values({ name, name_key: foldKey(name), created })
        .returning("id")
        .executeTakeFirstOrThrow();
      const { subject = null, issuer = null } = certificate;
      await transaction
        .insertInto("identities")
        .values({ user_id: id, kind: "certificate", key, shown: name, issuer, subject, created })
        .execute();
      return { id, name };
    });
  let account = await find();
  try {
    account ??= await make();
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
    account = await find(); // the other request was first
    if (account === undefined) throw error;
  }
  return { ...account, by: "certificate", certificate };
}

/**
 * A digest of what names the person: issuer and subject where names are the same by RFC 5280 section 7.1, or, in a
 * dialect that carries no subject, the user's name as it was sent. An identity without an issuer is not one with.
 */
function keyOf({ issuer, subject, user }: AssertedIdentity): string {
  const parts = [issuer && comparableName(issuer), subject && comparableName(subject)];
  const whole = subject ? parts : [...parts, user];
  return createHash("sha256").update(JSON.stringify(whole.map((part) => part ?? null))).digest("hex"); // prettier-ignore
}
