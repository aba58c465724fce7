import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { PrivateFileError } from "../private-file.ts";
import { secret, secretFile, temporaryFolder } from "../testing/running-app.ts";
import { openGatewaySecret } from "./gateway-secret.ts";

const second = "the-second-secret-0123456789-abcdef";
const third = "the-third-secret-0123456789-abcdefg";

it("accepts the file's secret without the white space around it, and nothing else", (context) => {
  const { accepts } = openGatewaySecret(secretFile(context, `  ${secret}\r\n`));
  assert.deepEqual([secret, `${secret} `, "", secret.toUpperCase(), second].map(accepts), [true, false, false, false, false]);
}); // prettier-ignore

it("a reload accepts the new secret and the one before; the next one retires that", (context) => {
  const file = secretFile(context);
  const { accepts, reload } = openGatewaySecret(file);
  const accepted = () => [secret, second, third].map(accepts);
  writeFileSync(file, second);
  assert.deepEqual(accepted(), [true, false, false]);
  reload();
  assert.deepEqual(accepted(), [true, true, false]);
  writeFileSync(file, third);
  reload();
  assert.deepEqual(accepted(), [false, true, true]);
  reload();
  assert.deepEqual(accepted(), [false, false, true]);
});

it("a broken file changes nothing, not even which secret is the one before", (context) => {
  const file = secretFile(context);
  const { accepts, reload } = openGatewaySecret(file);
  writeFileSync(file, second);
  reload();
  writeFileSync(file, "short");
  assert.throws(reload, PrivateFileError);
  assert.deepEqual([secret, second, "short"].map(accepts), [true, true, false]);
});

describe("refuses", () => {
  const refusal = (file: string): string => {
    try {
      openGatewaySecret(file);
    } catch (error) {
      if (error instanceof PrivateFileError) return error.message;
      throw error;
    }
    return "accepted";
  };

  it("a file that is not there, with the command that makes one", (context) => {
    const file = `${temporaryFolder(context)}/none`;
    assert.equal(refusal(file), `${file} does not exist; make a secret: (umask 077 && openssl rand -hex 32 > ${file})`);
  }); // prettier-ignore

  for (const mode of [0o660, 0o604, 0o620, 0o644]) {
    it(`a file of mode ${mode.toString(8)}, with the chmod to type`, (context) => {
      const file = secretFile(context);
      chmodSync(file, mode);
      assert.match(refusal(file), new RegExp(`mode 0${mode.toString(8)}\\); type: chmod 600 ${file}$`));
    });
  }

  it("no file that its group may read too, as Kubernetes and systemd hand it out", (context) => {
    const file = secretFile(context);
    for (const mode of [0o440, 0o640]) {
      chmodSync(file, mode);
      assert.equal(refusal(file), "accepted");
    }
  });

  it("a folder", (context) => {
    assert.match(refusal(temporaryFolder(context)), /is not a regular file/);
  });

  for (const text of ["", " \n", "x".repeat(31), `${"x".repeat(20)}\n${"x".repeat(20)}`, "é".repeat(40)]) {
    it(`a file that holds ${JSON.stringify(text)}, without repeating it`, (context) => {
      const message = refusal(secretFile(context, text));
      assert.match(message, /does not hold 32 to 4096 visible ASCII characters/);
      assert.ok(!message.includes("xx") && !message.includes("éé"));
    });
  }
});
