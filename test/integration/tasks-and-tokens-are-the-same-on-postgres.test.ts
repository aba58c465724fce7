/** The contracts of tasks and of sign-ins by token, and the API itself, on a real PostgreSQL. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { migrateUp, openStore } from "../../packages/app/src/store/index.ts";
import { password, runningApi, type Tokens } from "../../packages/app/src/testing/running-api.ts";
import { tasksContract } from "../../packages/app/src/testing/tasks-contract.ts";
import { tokenFamiliesContract } from "../../packages/app/src/testing/token-families-contract.ts";
import { startPostgres, type RunningPostgres } from "./servers/postgres.ts";

describe("on PostgreSQL", () => {
  const undo: (() => unknown)[] = [];
  let postgres: RunningPostgres;
  before(async () => {
    postgres = await startPostgres({ after: (each: () => unknown) => undo.unshift(each) });
  });
  after(async () => {
    for (const each of undo) await each();
  });
  const freshStore = async (context: TestContext) => {
    const store = openStore(await postgres.createDatabase(), { onTrouble: () => undefined });
    context.after(() => store.close());
    await migrateUp(store);
    return store;
  };

  tasksContract(freshStore);
  tokenFamiliesContract(freshStore);

  it("many at once: one makes an account, one refreshes, and every task has its place", async (context) => {
    const { ask } = await runningApi(context, { store: await freshStore(context) });
    const times = <Result>(count: number, work: (turn: number) => Promise<Result>) => Promise.all(Array.from({ length: count }, (_, turn) => work(turn))); // prettier-ignore
    const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

    const body = { email: "subject@example.test", password };
    assert.deepEqual(statuses(await times(5, () => ask("POST", "/register", { body }))), [200, 409, 409, 409, 409]); // prettier-ignore
    const signIn = async () => (await ask("POST", "/auth", { body })).json["data"] as Tokens;
    const { token } = await signIn();
    const added = await times(20, (turn) => ask("POST", "/task", { token, body: { title: `t${turn}`, status: "todo" } })); // prettier-ignore
    assert.deepEqual(new Set(statuses(added)), new Set([200]));
    assert.equal(((await ask("GET", "/list/task", { token })).json["data"] as unknown[]).length, 20);

    const second = await signIn();
    assert.deepEqual(statuses(await times(5, () => ask("POST", "/refresh", { token: second.refresh }))), [200, 401, 401, 401, 401]); // prettier-ignore
    assert.equal((await ask("GET", "/user", { token: second.token })).status, 401);
    assert.equal((await ask("GET", "/user", { token })).status, 200);
  });
});
