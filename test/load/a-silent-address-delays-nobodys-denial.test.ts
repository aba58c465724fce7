import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { outcomeAt } from "../support/outcome-at.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

test(
  "an address that takes questions and never answers delays nobody's denial",
  { timeout: 30_000 },
  async (t) => {
    const authority = await createTestAuthority(t);
    const { folder, grace, issue } = authority;
    const backend = await recordingBackend(t);
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const denyList = join(folder, "denied.yaml");
    await writeFile(denyList, "[]\n");
    const crl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/root.crl`;
    const revocation = [{ denyList }, { crl, whenUnknown: "allow" }];
    const gateway = await startGateway(
      t,
      gatewayConfig(authority, backend.port, { clients: { revocation } }),
    );
    const verdict = async (person: typeof grace) =>
      (await outcomeAt(gateway.port, "localhost", person)).verdict;
    const denied: string[] = [];
    const isDenied = async () => {
      const victim = await issue("Mallory");
      assert.equal(await verdict(victim), 200);
      denied.push(`- { serial: "${serialOf(victim)}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`);
      await writeFile(denyList, denied.join(""));
      await waitUntil(
        async () => (await verdict(victim)) === "certificate-revoked",
        () => "she is still let in",
        2_500,
      );
    };

    await t.test("when files change, one after the other", async () => {
      await isDenied();
      await isDenied();
    });

    await t.test("while everything is read again", async () => {
      const before = sockets.size;
      gateway.signal("SIGHUP");
      await waitUntil(
        () => sockets.size > before,
        () => "the address was not asked again",
      );
      await delay(100);
      await isDenied();
      assert.equal(await verdict(grace), 200);
    });
  },
);
