import assert from "node:assert/strict";
import { it } from "node:test";
import { StartError } from "../start-error.ts";
import { grace } from "../testing/grace.ts";
import { checkInvitee } from "./check-invitee.ts";
import type { Invitee } from "./invitation.ts";

const refused: readonly (readonly [given: Partial<Invitee>, problem: RegExp])[] = [
  [{ commonName: "" }, /^"" is empty/],
  [{ commonName: " Grace" }, /begins or ends with a space/],
  [{ commonName: "x".repeat(65) }, /longer than 64/],
  [{ commonName: "Grace\nHopper" }, /^"Grace\\nHopper" holds a control character/],
  [{ commonName: "Grace\u202eHopper" }, /turns the direction/],
  [{ commonName: "Grace\ud800" }, /holds/],
  [{ commonName: "Grace/CN=Mallory" }, /--allow-ambiguous\.$/],
  [{ commonName: "José" }, /--allow-ambiguous\.$/],
  [{ organizationalUnits: ["Staff", "a=b"] }, /--allow-ambiguous\.$/],
  [{ organizationalUnits: [""] }, /^"" is empty/],
  [{ email: "grace" }, /^"grace" is not an e-mail address/],
  [{ email: "grâce@flask.local" }, /is not an e-mail address/],
  [{ upn: "grace hopper@flask" }, /is not a user principal name/],
  [{ name: "../grace" }, /--name NAME\.$/],
  [{ name: "" }, /--name NAME\.$/],
];
for (const [given, problem] of refused) {
  it(`${JSON.stringify(given).slice(0, 60)} is refused`, () => {
    assert.throws(
      () => {
        checkInvitee({ ...grace, ...given });
      },
      (error) => error instanceof StartError && problem.test(error.message),
    );
  });
}

it("names as people have them pass", () => {
  checkInvitee(grace);
  checkInvitee({ ...grace, email: undefined, upn: "zoë@flask.local", organizationalUnits: [] });
  for (const commonName of ["José 山田", "O=x, or /so/"])
    checkInvitee({ ...grace, commonName, allowAmbiguous: true });
});
