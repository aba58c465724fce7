import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseRfc4514, type AssertedIdentity } from "@sallyport/identity";
import { memoryStore } from "../testing/running-app.ts";
import { certificateAccount } from "./certificate-account.ts";

function asserted(subject: string | undefined, issuer?: string, user?: string): AssertedIdentity {
  return {
    subject: subject === undefined ? undefined : parseRfc4514(subject),
    issuer: issuer === undefined ? undefined : parseRfc4514(issuer),
    user,
    emails: [],
  } as unknown as AssertedIdentity;
}

describe("the account of a certificate", () => {
  it("is made at the first visit, and found at every other", async (context) => {
    const store = await memoryStore(context);
    const identity = asserted("CN=Grace Hopper,C=US", "CN=Root");
    const first = await certificateAccount(store, identity, "Grace Hopper");
    assert.deepEqual(first, {
      id: first.id,
      name: "Grace Hopper",
      by: "certificate",
      certificate: { subject: "CN=Grace Hopper,C=US", issuer: "CN=Root", notAfter: undefined, emails: [] },
    });
    assert.deepEqual(await certificateAccount(store, identity, "Grace Hopper"), first);
  });

  it("is the same where names are the same, and another one where they are not", async (context) => {
    const store = await memoryStore(context);
    const idOf = async (...words: Parameters<typeof asserted>) =>
      (await certificateAccount(store, asserted(...words), "Grace Hopper")).id;
    const id = await idOf("CN=Grace Hopper,C=US", "CN=Root");
    assert.equal(await idOf("CN=grace  HOPPER,C=us", "CN=ROOT"), id);
    const others = [
      await idOf("CN=Grace Hopper,C=US", "CN=Another Root"),
      await idOf("CN=Grace Hopper,C=US"),
      await idOf("CN=Grace Hopper", "CN=Root"),
      await idOf("C=US,CN=Grace Hopper", "CN=Root"),
      await idOf("CN=Grace Hopper+C=US", "CN=Root"),
      await idOf(undefined, undefined, "Grace Hopper"),
      await idOf(undefined, "CN=Root", "Grace Hopper"),
    ];
    assert.equal(new Set([id, ...others]).size, 1 + others.length);
  });

  it("is not that of whoever is called the same", async (context) => {
    const store = await memoryStore(context);
    const row = { name: "Grace Hopper", name_key: "grace hopper", created: 1 };
    const { id } = await store.db.insertInto("users").values(row).returning("id").executeTakeFirstOrThrow();
    const account = await certificateAccount(store, asserted("CN=Grace Hopper"), "Grace Hopper");
    assert.notEqual(account.id, id);
  });

  it("is made once by many first requests at once", async (context) => {
    const store = await memoryStore(context);
    const accounts = await Promise.all(
      Array.from({ length: 20 }, () =>
        certificateAccount(store, asserted("CN=Grace Hopper"), "Grace Hopper"),
      ),
    );
    assert.equal(new Set(accounts.map(({ id }) => id)).size, 1);
    const users = await store.db.selectFrom("users").selectAll().execute();
    const identities = await store.db.selectFrom("identities").selectAll().execute();
    assert.deepEqual([users.length, identities.length], [1, 1]);
  });
});
