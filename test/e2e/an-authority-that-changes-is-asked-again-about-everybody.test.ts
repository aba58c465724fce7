/** What only OpenSSL looks at in a handshake (here: name constraints) holds for connections that are open already, too. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { nameOf, tlv, utf8 } from "../../packages/identity/src/testing/der.ts";
import { ask } from "../support/ask.ts";
import { forPurposes, isAuthority, isNoAuthority, nameConstraints } from "../support/extensions.ts";
import { chained, ecKeys, mint } from "../support/mint.ts";
import { nextReload } from "../support/next-reload.ts";
import { connectRaw } from "../support/raw-client.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";
import { acceptWebSocket, webSocketHandshake } from "../support/web-socket-octets.ts";

const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n";

test("an authority that changes is asked again about everybody", { timeout: 30_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t, acceptWebSocket);
  const root = mint({ subject: "Root", extensions: [isAuthority()] });
  // One authority, first for everybody, then for people of the Navy alone.
  const keys = ecKeys();
  const navy = tlv(0xa4, nameOf([[["2.5.4.10", utf8("Navy")]]]));
  const free = mint({ subject: "Bridge", issuer: root, keys, extensions: [isAuthority()] });
  const bound = mint({ subject: "Bridge", issuer: root, keys, extensions: [isAuthority(), nameConstraints("permitted", navy)] }); // prettier-ignore
  const issue = (subject: Parameters<typeof mint>[0]["subject"]) =>
    mint({ subject, issuer: free, extensions: [isNoAuthority, forPurposes("client")] });
  const grace = issue("Grace Hopper");
  const sailor = issue([[["2.5.4.10", utf8("Navy")]], [["2.5.4.3", utf8("Test Sailor")]]]);
  const file = join(authority.folder, "bundle.pem");
  const clients = { authorities: [file], depth: 2 };

  for (const version of ["TLSv1.2", "TLSv1.3"] as const)
    await t.test(version, async (s) => {
      await writeFile(file, root.cert + free.cert);
      const gateway = await startGateway(s, gatewayConfig(authority, backend.port, { clients }));
      const { port } = gateway;
      const open = await connectRaw({ port, version, identity: grace });
      const webSocket = await connectRaw({ port, version, identity: grace });
      s.after(open.close);
      s.after(webSocket.close);
      open.send(get);
      webSocket.send(webSocketHandshake("/flask/"));
      assert.equal((await open.awaitAnswers(1))[0]?.status, 200);
      assert.equal((await webSocket.awaitAnswers(1))[0]?.status, 101);

      const { ok } = await nextReload(gateway, () => writeFile(file, root.cert + bound.cert));
      assert.ok(ok);
      backend.forget();
      await waitUntil(webSocket.ended, () => "not in time: her WebSocket is cut", 2_500);
      open.send(get);
      await waitUntil(
        () => open.ended() || open.answers().length > 1,
        () => "not in time: her request is refused, or its connection closed",
        2_500,
      );
      const again = await connectRaw({ port, version, identity: grace, session: open.session() });
      again.send(get);
      const answers = [...open.answers().slice(1), ...(await again.awaitAnswers(1))];
      again.close();
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([403]));
      assert.equal(
        (await ask({ port, identity: chained(grace, free) })).status,
        403,
        "whatever she sends along",
      );
      assert.equal(backend.bytes().length, 0);
      assert.equal((await ask({ port, identity: sailor })).status, 200);
    });
});
