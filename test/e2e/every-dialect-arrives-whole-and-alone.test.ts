/** What a backend reads in any dialect is what the certificate says, and no line of a client's own is beside it. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { dialects, foldName, printRfc4514, readCertificate, readIdentity } from "@sallyport/identity";
import { ask } from "../support/ask.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

/** Every name of every dialect, as a client would forge it, in three spellings. */
const forged = dialects
  .flatMap(({ headerNames }) => headerNames)
  .flatMap((name) => [name, name.replaceAll("-", "_"), name.replaceAll("_", "-").toUpperCase()]);
const forgedLines = [...new Set(forged)].map((name) => `${name}: forged`);

void test("every dialect arrives whole and alone", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const spellings = ["as-is", "hyphen", "underscore"] as const;
  const cases = dialects.flatMap(({ name, headerNames }) =>
    spellings.map((spelling) => ({ dialect: name, spelling, headerNames, prefix: `/${name}/${spelling}/` })),
  );
  const routes = cases.map(({ dialect, spelling, prefix }) => ({
    prefix,
    upstream,
    identity: [{ dialect, spelling }],
  }));
  const config = { ...gatewayConfig(authority, backend.port, { clients: { presence: "optional" } }), routes };
  const { port } = await startGateway(t, config);
  const identity = await authority.issue("Grace Hopper", {
    alternativeNames: [{ type: "email", value: "grace@flask.local" }],
  });
  const certificate = readCertificate(new X509Certificate(identity.cert).raw);

  const arrived = async (path: string, as: typeof identity | undefined): Promise<string[]> => {
    backend.forget();
    // The gateway takes a hundred lines at most: the forged ones come in portions, each beside a right certificate.
    for (let from = 0; from < forgedLines.length; from += 80) {
      backend.forget();
      const lines = forgedLines.slice(from, from + 80);
      const answer = await ask(as ? { port, identity: as } : { port }, { path, lines });
      assert.equal(answer.status, 200, answer.text);
      assert.doesNotMatch(backend.bytes().toString("latin1"), /forged/);
    }
    const [head = ""] = backend.bytes().toString("latin1").split("\r\n\r\n");
    return head
      .split("\r\n")
      .slice(1)
      .flatMap((line) => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      });
  };

  for (const { dialect, spelling, headerNames, prefix } of cases) {
    await t.test(`${dialect}, spelled ${spelling}`, async () => {
      const raw = await arrived(prefix, identity);
      const read = readIdentity(raw, dialect);
      assert.ok(read);
      const told = [read.subject && printRfc4514(read.subject), read.user, read.certificate?.sha256];
      const truth = [printRfc4514(certificate.subject), "Grace Hopper", certificate.sha256];
      assert.ok(told.some(Boolean));
      told.forEach((value, at) => {
        assert.ok(value === undefined || value === truth[at], String(value));
      });
      const names = raw.filter((_, at) => at % 2 === 0).map(foldName);
      assert.equal(new Set(names).size, names.length, "no name twice, in any spelling");
      if (spelling !== "as-is") {
        const own = headerNames.map(foldName);
        const spelled = raw.filter((name, at) => at % 2 === 0 && own.includes(foldName(name)));
        assert.ok(
          spelled.every((name) => !name.includes(spelling === "hyphen" ? "_" : "-")),
          spelled.join(),
        );
      }
      assert.equal(readIdentity(await arrived(prefix, undefined), dialect), undefined, "anonymous");
    });
  }
});

void test("a route asks for the variables it wants, and an identity that does not fit is refused whole", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const variables = [
    "SSL_CLIENT_S_DN_CN",
    "SSL_CLIENT_M_SERIAL",
    "SSL_CLIENT_V_END",
    "SSL_PROTOCOL",
    "SSL_CLIENT_CERT",
  ];
  const { port } = await startGateway(t, {
    ...gatewayConfig(authority, backend.port),
    routes: [
      { prefix: "/few/", upstream, identity: [{ dialect: "mod_ssl", variables }] },
      { prefix: "/small/", upstream, headLimit: 8192 },
    ],
  });
  await ask({ port, identity: authority.grace }, { path: "/few/" });
  const { serialNumber } = new X509Certificate(authority.grace.cert);
  const text = backend.bytes().toString("latin1");
  assert.match(text, /\r\nSSL_CLIENT_S_DN_CN: Grace Hopper\r\n/);
  assert.ok(text.includes(`\r\nSSL_CLIENT_M_SERIAL: ${serialNumber}\r\n`), text);
  assert.match(text, /\r\nSSL_PROTOCOL: TLSv1\.3\r\n/);
  assert.match(
    text,
    /\r\nSSL_CLIENT_CERT: -----BEGIN CERTIFICATE----- [A-Za-z0-9+/= ]+ -----END CERTIFICATE-----/,
  );
  assert.doesNotMatch(text, /SSL_CLIENT_S_DN:/);

  const long = await authority.issue([
    { type: "O", value: "x".repeat(5000) },
    { type: "CN", value: "Test Subject" },
  ]);
  backend.forget();
  const answer = await ask({ port, identity: long }, { path: "/small/" });
  assert.equal(answer.status, 403);
  assert.match(answer.text, /"code": "identity-too-large"/);
  assert.equal(backend.bytes().length, 0);
});
