import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it, type TestContext } from "node:test";
import { StartError } from "../start-error.ts";
import { tempFolder } from "../testing/temp-folder.ts";
import { openGatewaySecret } from "./gateway-secret.ts";

const [first, second, third] = ["1", "2", "3"].map((digit) => digit.repeat(32)) as [string, string, string];

function secretFile(context: TestContext, text: string, mode = 0o600): string {
  const file = join(tempFolder(context), "backend.secret");
  writeFileSync(file, text, { mode });
  return file;
}

it("the secret is accepted, and nothing else", (context) => {
  const { accepts } = openGatewaySecret(secretFile(context, `${first}\n`));
  assert.ok(accepts(first));
  for (const other of ["", first.slice(1), `${first}\n`, `${first}1`, second]) assert.ok(!accepts(other));
});

it("a new one and the one before are accepted until the next reload; a file that is not fit changes nothing", (context) => {
  const file = secretFile(context, first);
  const secret = openGatewaySecret(file);
  const accepted = () => [first, second, third].filter(secret.accepts);
  writeFileSync(file, second);
  secret.reload();
  assert.deepEqual(accepted(), [first, second]);
  chmodSync(file, 0o644);
  assert.throws(secret.reload, StartError);
  assert.deepEqual(accepted(), [first, second]);
  chmodSync(file, 0o600);
  writeFileSync(file, third);
  secret.reload();
  assert.deepEqual(accepted(), [second, third]);
});

it("a file that is not fit is named, with what to type", (context) => {
  const messageOf = (file: string) => {
    try {
      openGatewaySecret(file);
    } catch (error) {
      if (error instanceof StartError) return error.message;
    }
    return "no StartError";
  };
  assert.match(messageOf(join(tempFolder(context), "none")), /none does not exist\. .*openssl rand -hex 32/);
  assert.match(messageOf(secretFile(context, first, 0o640)), /Type: chmod 600 '/);
  assert.match(messageOf(secretFile(context, "short")), /does not hold 32 to 4096 visible ASCII characters/);
  assert.match(messageOf(tempFolder(context)), /is open to others|cannot be read/);
});
