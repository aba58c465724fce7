import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { StartError } from "../start-error.ts";
import { grace } from "../testing/grace.ts";
import { tempFolder } from "../testing/temp-folder.ts";
import { openInvitations } from "./invitation-store.ts";

const later = () => new Date(Date.now() + 60_000);

function open(context: TestContext, file = join(tempFolder(context), "records/invitations.sqlite")) {
  const store = openInvitations(file);
  context.after(() => {
    store.close();
  });
  return { file, store };
}

it("an invitation is found by its token, and by nothing else", (context) => {
  const { store } = open(context);
  const { token, ...invitation } = store.invite(grace, later());
  store.invite({ ...grace, commonName: "Cecilia Payne" }, later());
  assert.deepEqual(store.find(token), { ...invitation, claimedAt: undefined, withdrawnAt: undefined });
  for (const other of [invitation.number, invitation.salt, token.toUpperCase(), "%", undefined])
    assert.equal(store.find(other), undefined);
  assert.equal(store.all().length, 2);
});

it("the file is its owner's alone, and holds no token", (context) => {
  const { file, store } = open(context);
  const { token } = store.invite(grace, later());
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(file, "..")).mode & 0o777, 0o700);
  assert.ok(!readFileSync(file, "latin1").includes(token));
});

it("a right is taken by one, whichever process they live in", (context) => {
  const { file, store } = open(context);
  const { store: other } = open(context, file);
  const { number, token } = store.invite(grace, later());
  const now = new Date();
  assert.deepEqual([store.claim(number, now), other.claim(number, now), store.claim(number, now)], [true, false, false]);
  assert.deepEqual(other.find(token)?.claimedAt, now);
  store.release(number);
  assert.equal(other.claim(number, now), true);
  other.settle(number, { serialNumber: "0A", usedBy: "enrol" });
  store.release(number);
  assert.equal(store.claim(number, now), false, "what is used up is not given back");
  assert.equal(store.find(token)?.usedBy, "enrol");
}); // prettier-ignore

it("what has ended, or was withdrawn, cannot be taken; what is taken cannot be withdrawn", (context) => {
  const { store } = open(context);
  const [ended, withdrawn, taken] = [new Date(), later(), later()].map((end) => store.invite(grace, end).number); // prettier-ignore
  assert.equal(store.claim(ended ?? "", later()), false);
  assert.equal(store.withdraw(withdrawn ?? "", new Date()), true);
  assert.equal(store.withdraw(withdrawn ?? "", new Date()), false);
  assert.equal(store.claim(withdrawn ?? "", new Date()), false);
  assert.equal(store.claim(taken ?? "", new Date()), true);
  assert.equal(store.withdraw(taken ?? "", new Date()), false);
});

it("a file that is something else is named", (context) => {
  const file = join(tempFolder(context), "invitations.sqlite");
  writeFileSync(file, "something else entirely, and longer than a header of SQLite's".repeat(20));
  assert.throws(
    () => openInvitations(file),
    (error) => error instanceof StartError && error.message.startsWith(`${file} cannot be opened (`),
  );
});
