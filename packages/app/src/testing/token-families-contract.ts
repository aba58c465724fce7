/** What every engine promises of sign-ins by token. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { tokenFamilies } from "../accounts/api/token-families.ts";
import type { Claims } from "../auth/token/tokens.ts";
import type { Store } from "../store/index.ts";
import { addPeople } from "./add-people.ts";

/** @param freshStore migrated, empty, and gone when the test ends */
export function tokenFamiliesContract(freshStore: (context: TestContext) => Promise<Store>): void {
  describe("families of tokens", () => {
    const fresh = async (context: TestContext) => {
      const store = await freshStore(context);
      const clock = { now: Date.parse("2026-11-30T12:00:00Z") };
      const families = tokenFamilies(store, () => clock.now);
      const [user = 0] = await addPeople(store, "subject@example.test");
      const claims = (family: string, id: string): Claims => ({
        type: "refresh",
        user: String(user),
        family,
        id,
        expires: new Date(clock.now + 30 * 86_400_000),
      });
      const lives = async (family: string) => (await families.holder(claims(family, "")))?.id === user;
      return { store, clock, families, user, claims, lives };
    };

    it("live from their first token on, and are their user's alone", async (context) => {
      const { families, claims, lives } = await fresh(context);
      assert.equal(await lives("f"), false);
      await families.begin(claims("f", "1"));
      assert.equal(await lives("f"), true);
      assert.equal(await families.holder({ ...claims("f", "1"), user: "999" }), undefined);
      assert.equal((await families.holder(claims("f", "1")))?.name, "Test Subject 0");
    });

    it("go on by rotation, and end when a token comes twice", async (context) => {
      const { families, claims, lives } = await fresh(context);
      await families.begin(claims("f", "1"));
      await families.begin(claims("g", "a"));
      assert.equal(await families.rotate("1", claims("f", "2")), true);
      assert.equal(await families.rotate("2", claims("f", "3")), true);
      assert.equal(await lives("f"), true);
      assert.equal(await families.rotate("1", claims("f", "4")), false);
      assert.equal(await lives("f"), false);
      assert.equal(await families.rotate("3", claims("f", "5")), false);
      assert.equal(await lives("g"), true);
    });

    it("of two rotations at once, one is made and the family ends", async (context) => {
      const { families, claims, lives } = await fresh(context);
      await families.begin(claims("f", "1"));
      const both = await Promise.all(["2", "3"].map((next) => families.rotate("1", claims("f", next))));
      assert.deepEqual(both.sort(), [false, true]);
      assert.equal(await lives("f"), false);
    });

    it("do not begin again with a token that nobody has given out", async (context) => {
      const { families, claims, lives } = await fresh(context);
      assert.equal(await families.rotate("unknown", claims("f", "2")), false);
      assert.equal(await lives("f"), false);
    });

    it("end when they are told to, and with their user", async (context) => {
      const { store, families, claims, lives, user } = await fresh(context);
      await families.begin(claims("f", "1"));
      await families.begin(claims("g", "2"));
      await families.end("f");
      assert.deepEqual([await lives("f"), await lives("g")], [false, true]);
      await store.db.deleteFrom("users").where("id", "=", user).execute();
      assert.equal(await lives("g"), false);
      assert.deepEqual(await store.db.selectFrom("refresh_tokens").selectAll().execute(), []);
    });

    it("are fifty at most: the oldest ends", async (context) => {
      const { clock, families, claims, lives } = await fresh(context);
      for (let turn = 0; turn <= 50; turn += 1) {
        clock.now += 1000;
        await families.begin(claims(`f${turn}`, `first of ${turn}`));
      }
      assert.deepEqual([await lives("f0"), await lives("f1"), await lives("f50")], [false, true, true]);
    });

    it("leave nothing behind when they are over", async (context) => {
      const { store, clock, families, claims } = await fresh(context);
      await families.begin(claims("f", "1"));
      clock.now += 31 * 86_400_000;
      await families.begin(claims("g", "2"));
      const rows = await store.db.selectFrom("refresh_tokens").select("family").execute();
      assert.deepEqual(rows.map(({ family }) => family), ["g"]); // prettier-ignore
    });
  });
}
