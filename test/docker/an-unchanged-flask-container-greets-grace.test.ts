/** An application that was written for Apache, in a container of its own, behind our gateway. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startStack } from "./support/stack.ts";

void test("Flask in a container", async (context) => {
  const stack = await startStack(context, {
    files: ["compose.yaml", "compose.flask.yaml"],
    config: "flask",
  });

  await context.test("greets whom the certificate names", async () => {
    assert.equal(await stack.curl("/flask/"), "Hello Grace Hopper!\n200");
  });

  await context.test("is not taken in by a second spelling of the header that it believes", async () => {
    // WSGI has one name for both spellings, and joins what they say.
    const forged = ["--header", "SSL_CLIENT_S_DN: /CN=Mallory", "--header", "SSL-CLIENT-S-DN: /CN=Mallory"];
    assert.equal(await stack.curl("/flask/", ...forged), "Hello Grace Hopper!\n200");
  });

  await context.test("sees nobody who has no certificate", async () => {
    assert.match(await stack.anonymously("/flask/"), /"certificate-missing"[^]*403$/);
  });
});
