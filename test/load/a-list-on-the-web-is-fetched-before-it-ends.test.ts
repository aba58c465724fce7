import assert from "node:assert/strict";
import { test } from "node:test";
import { createRevocationList } from "@sallyport/certs";
import { holdOpen } from "../support/held-open.ts";
import { listServer } from "../support/list-server.ts";
import { livelyBackend } from "../support/lively-backend.ts";
import { nextReload } from "../support/next-reload.ts";
import { outcomeAt } from "../support/outcome-at.ts";
import { pointers } from "../support/pointers.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { metricsPortOf, scrape } from "../support/scrape.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const [revoked, unavailable] = ["certificate-revoked", "revocation-unavailable"];
const life = 4_000;

test("a list on the web is fetched again before it ends", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, issue } = authority;
  const backend = await livelyBackend(t);
  const web = await listServer(t);
  let number = 0;
  const publish = async (nextUpdate: Date, ...people: readonly Identity[]) => {
    number += 1;
    const { der } = await createRevocationList({
      issuer: root,
      ...{ number, nextUpdate, revoked: people.map((each) => ({ serialNumber: serialOf(each) })) },
    });
    web.files.set("/root.crl", der);
  };
  const url = `${web.url}/root.crl`;
  const { routes, ...config } = gatewayConfig(authority, backend.port, {
    clients: { revocation: [{ crl: url }] },
    metrics: { port: 0 },
  });
  const clients = { authorities: [authority.rootFile], revocation: [{ crl: "cdp" }] };
  const hosts = [{ names: ["cdp.flask.local"], clients, routes }];
  const extensions = pointers({ crl: url });
  const [grace, mallory, late] = [
    await issue("Grace Hopper", { extensions }),
    await issue("Mallory", { extensions }),
    await issue("Late Subject", { extensions }),
  ];
  await publish(new Date(Date.now() + 3_600_000));
  const gateway = await startGateway(t, { ...config, routes, hosts });
  const metrics = await metricsPortOf(gateway);
  /** By the one address for all, and by that which the certificate names. */
  const verdicts = async (person: Identity) => [
    (await outcomeAt(gateway.port, "localhost", person)).verdict,
    (await outcomeAt(gateway.port, "cdp.flask.local", person)).verdict,
  ];
  const become = (person: Identity, wanted: number | string, limit: number) =>
    waitUntil(
      async () => (await verdicts(person)).every((verdict) => verdict === wanted),
      () => `not ${wanted} in time`,
      limit,
      100,
    );
  const held = await holdOpen(t, backend, gateway.port, "CN=Mallory,ST=Virginia,C=US", mallory);
  assert.deepEqual(await verdicts(mallory), [200, 200]);
  assert.equal(web.asked("/root.crl"), 2, "once for each source, however many come");

  await t.test("whoever is on the next one is cut before the last one ends", async () => {
    const end = performance.now() + life;
    await publish(new Date(Date.now() + life));
    gateway.signal("SIGHUP");
    await waitUntil(
      () => web.asked("/root.crl") === 4,
      () => "SIGHUP has fetched nothing",
    );
    await publish(new Date(Date.now() + 2 * life), mallory);
    await waitUntil(
      () => web.asked("/root.crl") > 4,
      () => "nobody has asked",
      life,
    );
    assert.ok(performance.now() < end, "it was fetched when the last one had ended");
    await held.isCut(revoked, performance.now());
    await become(mallory, revoked, 2_500);
    assert.deepEqual(await verdicts(grace), [200, 200]);
  });

  await t.test(
    "nonsense takes nobody's place: what it said holds until it ends, then nothing is known",
    async () => {
      web.files.set("/root.crl", "<html>Under maintenance</html>");
      await become(grace, unavailable, 2 * life + 3_000);
      assert.deepEqual(await verdicts(mallory), [revoked, revoked]);
      assert.equal((await scrape(metrics))(`sallyport_revocation_problem{name="crl ${url}"}`), 1);
      const warnings = gateway.log.filter(({ msg }) =>
        String(msg).startsWith(`${url} is no revocation list`),
      );
      assert.ok(warnings.length > 0 && warnings.length <= 2, "once for each source");
    },
  );

  await t.test("SIGHUP fetches it at once", async () => {
    await publish(new Date(Date.now() + 3_600_000), mallory, late);
    gateway.signal("SIGHUP");
    await become(grace, 200, 2_500);
    await become(late, revoked, 2_500);
    assert.deepEqual(await verdicts(mallory), [revoked, revoked]);
    assert.equal((await scrape(metrics))(`sallyport_revocation_problem{name="crl ${url}"}`), 0);
  });

  await t.test("whoever was let in by the last one until then is cut when it is there", async () => {
    const other = await issue("Other Subject", { extensions });
    const open = await holdOpen(t, backend, gateway.port, "CN=Other Subject,ST=Virginia,C=US", other);
    assert.deepEqual(await verdicts(other), [200, 200]);
    await publish(new Date(Date.now() + 3_600_000), mallory, late, other);
    web.delay = 500;
    await nextReload(gateway, () => {
      gateway.signal("SIGHUP");
    });
    const since = performance.now();
    assert.deepEqual(await verdicts(other), [200, 200], "until then");
    await open.isCut(revoked, since + web.delay);
    await become(other, revoked, 2_500);
    assert.deepEqual(await verdicts(grace), [200, 200]);
  });
  assert.equal(gateway.stderr(), "");
});
