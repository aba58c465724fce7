/** What a client forges from outside, and what arrives in the app's container, octet for octet; and how the site goes down. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { fold } from "../support/fold.ts";
import { graceSubject } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { recorded, recordingApp } from "./support/recorded.ts";
import { startStack } from "./support/stack.ts";

const forged = [
  "SSL_CLIENT_S_DN: CN=Mallory",
  "SSL-CLIENT-S-DN: CN=Mallory",
  "Ssl.Client.S.Dn: CN=Mallory",
  "HTTP_SSL_CLIENT_S_DN: CN=Mallory",
  "SSL_CLIENT_VERIFY: SUCCESS",
  "X-SSL-Client-CN: Mallory",
  "Client-Cert: :TWFsbG9yeQ==:",
  "Remote-User: Mallory",
  "Sallyport-Secret: Mallory0Mallory0Mallory0Mallory0",
  "X-Forwarded-For: Mallory",
  "Forwarded: for=Mallory",
  "Connection: SSL_CLIENT_S_DN",
];

void test("a container that records", async (context) => {
  const stack = await startStack(context, {
    override: recordingApp,
    configure: (text) => `${text}reloadOnChange: false\n`,
  });
  const lines = forged.flatMap((line) => ["--header", line]);
  assert.match(await stack.curl("/flask/page", ...lines), /^ok\n200$/);
  assert.match(await stack.anonymously("/flask/page", ...lines), /403$/);
  await waitUntil(
    async () => (await recorded(stack)).length > 0,
    () => "nothing has arrived",
  );

  await context.test("is sent one subject, the certificate's own", async () => {
    const [head = "", ...more] = await recorded(stack);
    assert.deepEqual(more, [], "of the anonymous nothing arrives");
    const sent = head
      .split("\r\n")
      .map((line) => [fold(line.split(":")[0] ?? ""), line.replace(/^[^:]*: ?/, "")]);
    assert.deepEqual(
      sent.filter(([name]) => name === "ssl_client_s_dn"),
      [["ssl_client_s_dn", graceSubject]],
    );
    assert.deepEqual(
      sent.filter(([name]) => name === "ssl_client_verify"),
      [["ssl_client_verify", "SUCCESS"]],
    );
    assert.equal(sent.filter(([name]) => name === "sallyport_secret").length, 1);
  });

  await context.test("is sent nothing of what was forged", async () => {
    for (const head of await recorded(stack)) {
      assert.doesNotMatch(head, /Mallory|TWFsbG9yeQ/i);
    }
  });

  await context.test("is at another address when SIGHUP says so, and not before", async () => {
    await stack.reconfigure((text) => text.replace("prefix: /flask/", "prefix: /moved/"));
    await sleep(1_000);
    assert.match(await stack.curl("/flask/page"), /200$/);
    await stack.compose("kill", "--signal", "HUP", "gateway");
    await waitUntil(
      async () => (await stack.curl("/moved/page")).endsWith("200"),
      () => "nothing is at /moved/",
    );
    assert.match(await stack.curl("/flask/page"), /404$/);
  });

  await context.test("has its answer passed on, though everything is taken down meanwhile", async () => {
    const answer = stack.curl("/moved/slow");
    await waitUntil(
      async () => (await recorded(stack)).some((head) => head.startsWith("GET /slow ")),
      () => "not asked",
    );
    const down = stack.compose("down");
    await sleep(1_000);
    assert.match(await stack.curl("/moved/page"), /refused|reset|connect/i, "nobody new gets in");
    assert.equal(await answer, "slow\n200");
    await down;
  });
});
