/** At the start an operator is told of authorities that are not what they were meant to be. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { test } from "node:test";
import { isAuthority } from "../support/extensions.ts";
import { mint, rsaKeys } from "../support/mint.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

void test("an authority that lets in too many is warned about", async (t) => {
  const authority = await createTestAuthority(t);
  const file = join(authority.folder, "more.pem");
  const authorities = [authority.rootFile, file];
  const told = async (...pems: readonly string[]) => {
    await writeFile(file, pems.join("\n"));
    const gateway = await startGateway(t, gatewayConfig(authority, 1, { clients: { authorities } }));
    await gateway.stop();
    return gateway.log.filter(({ level }) => level === "warn").map(({ notice }) => String(notice));
  };
  const root = (subject: string, request = {}) =>
    mint({ subject, extensions: [isAuthority()], ...request }).cert;

  await t.test("a public one, a weak one, one that has ended, one that is none", async () => {
    const notices = await told(
      rootCertificates[0] ?? "",
      root("Weak Root", { keys: rsaKeys(1024) }),
      root("Ended Root", { notAfter: new Date(Date.now() - 1000) }),
      mint({ subject: "Test Subject" }).cert,
    );
    assert.deepEqual(notices.map((notice) => notice.replace(/^.* is a public/, "X is a public")), [
      "X is a public authority: whoever gets a certificate from it, from anywhere, is let in",
      "CN=Weak Root has a weak key: no certificate of it is accepted",
      "CN=Ended Root has ended: no certificate of it is accepted any more",
      "CN=Test Subject is no authority: no certificate can be accepted because of it",
    ]);
  }); // prettier-ignore

  await t.test("and many", async () => {
    const notices = await told(...Array.from({ length: 10 }, (_, at) => root(`Root ${at}`)));
    assert.deepEqual(notices, ["11 roots are accepted: each of them can make anybody"]);
  });

  await t.test("while one's own is nothing to speak of", async () => {
    assert.deepEqual(await told(root("Another Root")), []);
  });
});
