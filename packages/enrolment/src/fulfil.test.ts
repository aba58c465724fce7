import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import type { Act } from "./audit.ts";
import { fulfil, NoLongerOpen } from "./fulfil.ts";
import { openInvitations } from "./invitations/invitation-store.ts";
import { grace } from "./testing/grace.ts";
import { tempFolder } from "./testing/temp-folder.ts";

it("of several who have all seen it open, one gets the certificate", async (context) => {
  const invitations = openInvitations(join(tempFolder(context), "invitations.sqlite"));
  context.after(() => {
    invitations.close();
  });
  const acts: Act[] = [];
  const audit = (act: Act) => {
    acts.push(act);
  };
  const invitation = invitations.invite(grace, new Date(Date.now() + 60_000));
  let made = 0;
  const make = async () => {
    await Promise.resolve();
    made += 1;
    return { certificatePem: "", der: new Uint8Array(), serialNumber: "0A", notAfter: new Date(0), chainPem: [] }; // prettier-ignore
  };
  const outcomes = await Promise.allSettled(
    ["enrol", "collect", "enrol"].map((act) =>
      fulfil({ invitations, audit }, invitation, { act: act as "enrol", address: undefined }, make),
    ),
  );
  assert.equal(made, 1);
  const lost = outcomes.filter((outcome) => outcome.status === "rejected");
  assert.deepEqual(lost.map(({ reason }) => reason instanceof NoLongerOpen), [true, true]); // prettier-ignore
  assert.deepEqual(acts.map(({ outcome }) => outcome).toSorted(), ["done", "refused", "refused"]);
  assert.equal(invitations.find(invitation.token)?.serialNumber, "0A");
});
