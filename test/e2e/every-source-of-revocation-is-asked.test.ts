import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority, createRevocationList, type Issued } from "@sallyport/certs";
import { readCertificate, printRfc4514 } from "@sallyport/identity";
import { listServer } from "../support/list-server.ts";
import { valuesOf } from "../support/message.ts";
import { opensslResponder } from "../support/openssl-responder.ts";
import { outcomeAt } from "../support/outcome-at.ts";
import { pointers } from "../support/pointers.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { serialOf } from "../support/serial-of.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";

const keyAlgorithm = "ec-p256";
const [revoked, unavailable] = ["certificate-revoked", "revocation-unavailable"];

test("every source of revocation is asked, about everybody on the way", { timeout: 60_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { root, rootFile, folder } = authority;
  const backend = await recordingBackend(t);
  const web = await listServer(t);
  const atRoot = await opensslResponder(t, root);
  const intermediate = (name: string) =>
    createAuthority({
      subject: [{ type: "CN", value: name }],
      ...{ issuer: root, keyAlgorithm },
      extensions: pointers({ crl: `${web.url}/root.crl`, ocsp: atRoot.url }),
    });
  const sound = await intermediate("Sound Intermediate");
  const lost = await intermediate("Lost Intermediate");
  const silent = await intermediate("Silent Intermediate");
  const atSound = await opensslResponder(t, sound);
  const leaf = async (name: string, issuer: Issued, list: string, ocsp: string): Promise<Identity> => {
    const extensions = pointers({ crl: `${web.url}/${list}.crl`, ocsp });
    const { cert, key } = await authority.issue(name, { issuer, extensions });
    return { cert: issuer === root ? cert : cert + issuer.certificatePem, key };
  };
  const people = {
    good: await leaf("Grace Hopper", sound, "sound", atSound.url),
    revoked: await leaf("Mallory", sound, "sound", atSound.url),
    "below a revoked intermediate": await leaf("Test Subject", lost, "lost", atRoot.url),
    "below an intermediate that nobody speaks for": await leaf("Other Subject", silent, "silent", atRoot.url),
    "good, issued by the root": await leaf("Cecilia Payne", root, "root", atRoot.url),
  };
  type Person = keyof typeof people;

  const number = 1;
  const listOf = async (issuer: Issued, ...gone: readonly string[]) =>
    createRevocationList({ issuer, number, revoked: gone.map((serialNumber) => ({ serialNumber })) });
  const lists = {
    root: await listOf(root, serialOf(lost)),
    sound: await listOf(sound, serialOf(people.revoked)),
    lost: await listOf(lost),
  };
  await mkdir(join(folder, "lists"));
  for (const [name, { der, pem }] of Object.entries(lists)) {
    await writeFile(join(folder, "lists", `${name}.crl`), name === "root" ? pem : der);
    web.files.set(`/${name}.crl`, der);
  }
  const all = Object.values(lists).map(({ pem }) => pem).join(""); // prettier-ignore
  web.files.set("/all.pem", all);
  await writeFile(join(folder, "all.pem"), all);
  const serials = (...holders: readonly Issued[]) => holders.map(serialOf);
  await atRoot.know({
    good: [...serials(sound, silent), serialOf(people["good, issued by the root"])],
    revoked: serials(lost),
  });
  await atSound.know({ good: [serialOf(people.good)], revoked: [serialOf(people.revoked)] });
  await Promise.all([atRoot.start(), atSound.start()]);
  const known = [rootFile, join(folder, "intermediates.pem")];
  await writeFile(join(folder, "intermediates.pem"), [sound, lost, silent].map(({ certificatePem }) => certificatePem).join("")); // prettier-ignore
  const issuer = printRfc4514(readCertificate(Buffer.from(root.der)).subject);
  const denied = join(folder, "denied.yaml");
  const soundIssuer = printRfc4514(readCertificate(Buffer.from(sound.der)).subject);
  await writeFile(
    denied,
    `- { serial: "${serialOf(lost)}", issuer: "${issuer}", note: "key lost" }\n` +
      `- { serial: "${serialOf(people.revoked)}", issuer: "${soundIssuer}" }\n`,
  );

  const allow = { whenUnknown: "allow" };
  const expected = (unlisted: number | string, more: Partial<Record<Person, number | string>> = {}) => ({
    good: 200,
    ...{ revoked, "below a revoked intermediate": revoked },
    ...{ "below an intermediate that nobody speaks for": unlisted, "good, issued by the root": 200 },
    ...more,
  });
  /** One responder for all knows what its own authority has issued, and no more. */
  const rootAlone = (unlisted: number | string) => expected(unlisted, { good: unlisted, revoked: unlisted });
  const cases: Readonly<Record<string, readonly [sources: readonly object[], ReturnType<typeof expected>]>> = {
    "deny-list": [[{ denyList: denied }], expected(200)],
    "crl-file": [[{ crl: join(folder, "all.pem") }], expected(unavailable)],
    "crl-file-allow": [[{ crl: join(folder, "all.pem"), ...allow }], expected(200)],
    "crl-folder": [[{ crl: join(folder, "lists") }], expected(unavailable)],
    "crl-url": [[{ crl: `${web.url}/all.pem` }], expected(unavailable)],
    cdp: [[{ crl: "cdp" }], expected(unavailable)],
    "cdp-allow": [[{ crl: "cdp", ...allow }], expected(200)],
    aia: [[{ ocsp: "aia" }], expected(unavailable)],
    "aia-allow": [[{ ocsp: "aia", ...allow }], expected(200)],
    responder: [[{ ocsp: atRoot.url }], rootAlone(unavailable)],
    "responder-allow": [[{ ocsp: atRoot.url, ...allow }], rootAlone(200)],
    "one-says-no": [[{ crl: "cdp", ...allow }, { ocsp: atRoot.url, ...allow }, { denyList: denied }], expected(200)],
    "one-does-not-know": [[{ denyList: denied }, { ocsp: atRoot.url }], expected(unavailable, { good: unavailable })],
  }; // prettier-ignore

  const { routes, ...config } = gatewayConfig(authority, backend.port);
  const hosts = Object.entries(cases).map(([name, [revocation]]) => ({
    names: [`${name}.flask.local`],
    // A list is believed of an authority that is known beforehand; that of a certificate's own issuer always.
    clients: { authorities: name.startsWith("crl") ? known : [rootFile], depth: 2, revocation },
    routes,
  }));
  const gateway = await startGateway(t, { ...config, routes, hosts });

  for (const [name, [, verdicts]] of Object.entries(cases)) {
    await t.test(name, async () => {
      for (const [person, verdict] of Object.entries(verdicts) as [Person, number | string][]) {
        backend.forget();
        const outcome = await outcomeAt(gateway.port, `${name}.flask.local`, people[person]);
        const { status, lines } = outcome.answer;
        assert.equal(outcome.verdict, verdict, person);
        assert.equal(backend.requests().length, verdict === 200 ? 1 : 0, person);
        if (verdict === revoked) assert.equal(status, 403);
        if (verdict === unavailable)
          assert.deepEqual([status, valuesOf(lines, "Retry-After")], [503, ["60"]]);
      }
    });
  }
  assert.equal(gateway.stderr(), "");
});
