import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { holdOpen } from "../support/held-open.ts";
import { livelyBackend } from "../support/lively-backend.ts";
import { outcomeAt } from "../support/outcome-at.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { scriptedResponder } from "../support/scripted-responder.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, graceSubject, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const unavailable = "revocation-unavailable";

test("a responder that is down disturbs nobody it has answered", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, folder, grace, issue } = authority;
  const backend = await livelyBackend(t);
  const responder = await scriptedResponder(t, root);
  await responder.suspend();
  const denied = join(folder, "denied.yaml");
  await writeFile(denied, "[]\n");
  const revocation = [{ denyList: denied }, { ocsp: responder.url }];
  const gateway = await startGateway(
    t,
    gatewayConfig(authority, backend.port, { clients: { revocation }, metrics: { port: 0 } }),
  );
  /** About everybody, and whatever was found out of the responder until now. */
  const askAnew = () => {
    gateway.signal("SIGHUP");
  };
  const metrics = await metricsPortOf(gateway);
  const verdict = async (person: Identity) => (await outcomeAt(gateway.port, "localhost", person)).verdict;
  const problem = async () =>
    (await scrape(metrics))(`sallyport_revocation_problem{name="ocsp ${responder.url}"}`);
  const warnings = () =>
    gateway.log.filter(({ level, msg }) => level === "warn" && String(msg).includes(responder.url));

  const cecilia = await issue("Cecilia Payne");

  await t.test("down at the start: 503, and the log says why, once", async () => {
    for (const name of ["Early Subject", "Other Subject"])
      assert.equal(await verdict(await issue(name)), unavailable);
    assert.equal(warnings().length, 1);
    assert.equal(await problem(), 1);
  });

  await t.test("it comes back, and SIGHUP makes sure that it is asked at once", async () => {
    await responder.resume();
    askAnew();
    await waitUntil(
      async () => (await problem()) === 0,
      () => "nobody has asked",
    );
    for (const person of [grace, cecilia]) assert.equal(await verdict(person), 200);
  });

  const graceHolds = await holdOpen(t, backend, gateway.port, graceSubject, grace);
  const mallory = await issue("Mallory");
  const malloryHolds = await holdOpen(t, backend, gateway.port, "CN=Mallory,ST=Virginia,C=US", mallory);

  await t.test("it is asked once about each certificate", () => {
    assert.equal(responder.asked(serialOf(mallory)), 1);
  });

  await t.test(
    "it goes down: what it has answered holds, whom it does not know has to wait for it",
    async () => {
      await responder.suspend();
      askAnew();
      await waitUntil(
        async () => (await problem()) === 1,
        () => "nobody has noticed",
      );
      assert.equal(await verdict(grace), 200);
      assert.equal(await verdict(await issue("Other Subject")), unavailable);
      await graceHolds.goesOn();
      await malloryHolds.goesOn();
    },
  );

  await t.test("it falls silent: files are read within a second all the same", async () => {
    responder.delay = Infinity;
    await responder.resume();
    askAnew();
    await waitUntil(
      () => responder.asked(serialOf(mallory)) > 1,
      () => "nobody has asked",
    );
    await writeFile(
      denied,
      `- { serial: "${serialOf(cecilia)}", issuer: "CN=Test Root,ST=Virginia,C=US" }\n`,
    );
    await waitUntil(
      async () => (await verdict(cecilia)) === "certificate-revoked",
      () => "not denied in time",
      2_500,
    );
    await graceHolds.goesOn();
  });

  await t.test("it says revoked: what is open is cut within a second of that", async () => {
    // Its silence ends here: what it was asked and has not answered fails.
    await responder.suspend();
    responder.delay = 0;
    await responder.resume();
    responder.revoked.add(serialOf(mallory));
    askAnew();
    const before = responder.asked(serialOf(mallory));
    await waitUntil(
      () => responder.asked(serialOf(mallory)) > before,
      () => "nobody has asked",
      15_000,
    );
    await malloryHolds.isCut("certificate-revoked", performance.now());
    await graceHolds.goesOn();
    // Silence does not lift it.
    await responder.suspend();
    askAnew();
    await waitUntil(
      async () => (await problem()) === 1,
      () => "nobody has noticed",
    );
    assert.equal(await verdict(mallory), "certificate-revoked");
  });
  assert.equal(gateway.stderr(), "");
});
