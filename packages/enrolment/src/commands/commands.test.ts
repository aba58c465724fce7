import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import type { Config } from "../config.ts";
import { openRecords } from "../records.ts";
import { StartError } from "../start-error.ts";
import { tempFolder } from "../testing/temp-folder.ts";
import { listInvitations } from "./invitations.ts";
import { invite } from "./invite.ts";
import { withdraw } from "./withdraw.ts";

function settings(context: TestContext): Config {
  const folder = tempFolder(context);
  return {
    ...{ file: join(folder, "enrolment.yaml"), address: "https://flask.local:8443/enrol/", days: 90 },
    ...{ listen: { host: "127.0.0.1", port: 0 }, backendSecret: { file: "" }, authority: { folder: "" } },
    records: join(folder, "records"),
  };
}

const valid = 3_600_000;

it("an invitation is a link and a token; both are printed once and written down nowhere", (context) => {
  const config = settings(context);
  const text = invite(config, "Grace Hopper", { valid, email: "grace@flask.local", group: ["Staff"] }).join("\n");
  const [, number = ""] = /^Invitation (\w{8}) for Grace Hopper <grace@flask\.local>, until .* UTC\.\n/.exec(text) ?? [];
  const [, token = ""] = /\n {2}https:\/\/flask\.local:8443\/enrol\/\?token=(\w{32})\n/.exec(text) ?? [];
  assert.match(text, new RegExp(`curl --cacert root\\.pem --user :${token} [^]*--data-binary @- https://flask\\.local:8443/\\.well-known/est/simpleenroll `));
  assert.match(text, new RegExp(`enrolment -- withdraw ${number}$`));
  const trail = readFileSync(join(config.records, "audit.jsonl"), "utf8");
  assert.match(trail, new RegExp(`^\\{"time":"[^"]+Z","act":"invite","outcome":"done","by":"[^"]+","invitation":"${number}","for":"Grace Hopper <grace@flask\\.local>"\\}\n$`));
  assert.ok(!trail.includes(token));
  const [listed = ""] = listInvitations(config);
  assert.match(listed, new RegExp(`^${number} {2}open until .* UTC {2}Grace Hopper <grace@flask\\.local>$`));
}); // prettier-ignore

it("what the authority would refuse is refused now, and nothing is kept", (context) => {
  const config = settings(context);
  assert.throws(() => invite(config, "Grace/CN=Mallory", { valid }), StartError);
  assert.match(listInvitations(config).join("\n"), /^Nobody is invited\. .* invite "Grace Hopper"$/);
});

it("an open invitation is withdrawn once, and the used name their certificate", (context) => {
  const config = settings(context);
  const { invitations } = openRecords(config.records);
  context.after(() => {
    invitations.close();
  });
  const numbers = ["Grace Hopper", "Cecilia Payne"].map((name) => /\w{8}(?= for)/.exec(invite(config, name, { valid })[0] ?? "")?.[0] ?? ""); // prettier-ignore
  const [open = "", used = ""] = numbers;
  assert.match(
    withdraw(config, open.toLowerCase()).join(),
    new RegExp(`^Withdrew ${open}, for Grace Hopper: `),
  );
  assert.throws(() => withdraw(config, open), /is withdrawn already\.$/);
  invitations.claim(used, new Date());
  assert.throws(() => withdraw(config, used), /is begun already\.$/);
  invitations.settle(used, { serialNumber: "0A", usedBy: "enrol" });
  assert.throws(() => withdraw(config, used), /npm run certs -- revoke 0A$/);
  assert.throws(() => withdraw(config, "none"), /There is no invitation none\. .*-- invitations$/);
  assert.match(listInvitations(config).join("\n"), /withdrawn on .*\n.*used on .*, serial 0A|used on .*, serial 0A.*\n.*withdrawn on /); // prettier-ignore
});
