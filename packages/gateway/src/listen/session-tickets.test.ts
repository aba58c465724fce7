import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { sealTickets } from "./session-tickets.ts";
import { selfSigned, tlsServer } from "./testing/tls-server.ts";

/** Node sends as many with a full handshake. */
const ticketsEach = 2;

test("each ticket is sealed with an initialisation vector of its own", { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-tickets-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  selfSigned(folder, "server", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
  const { server, port, close } = await tlsServer(folder, () => undefined);
  t.after(close);
  const keys = randomBytes(48);
  sealTickets(server, keys);
  const name = keys.subarray(0, 16);

  /** RFC 5077 section 4: a ticket begins with its key's name, and the vector comes next. */
  async function vectorsOfOneVisit(): Promise<string[]> {
    const client = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    const vectors: string[] = [];
    const all = new Promise<void>((resolve) => {
      client.on("session", (session: Buffer) => {
        const at = session.indexOf(name) + name.length;
        vectors.push(session.toString("hex", at, at + 16));
        if (vectors.length === ticketsEach) resolve();
      });
    });
    await once(client, "secureConnect");
    await all;
    client.destroy();
    return vectors;
  }

  const vectors: string[] = [];
  for (let visit = 0; visit < 300; visit += 1) vectors.push(...(await vectorsOfOneVisit()));
  assert.equal(vectors.length, 300 * ticketsEach);
  assert.equal(new Set(vectors).size, vectors.length);
  assert.ok(!vectors.includes("00".repeat(16)));
});
