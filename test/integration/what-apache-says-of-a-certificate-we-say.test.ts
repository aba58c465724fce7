/**
 * Every variable of mod_ssl that our dialects have, over more than a hundred certificates: what Apache's mod_headers sends
 * to a backend, and what `mod_ssl` and `mod_ssl-legacy` write of the same certificate, octet for octet.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { IdentityError, readCertificate, type Connection, type Dialect } from "@sallyport/identity"; // prettier-ignore
import { modSslLegacy } from "../../packages/identity/src/dialects/mod-ssl-legacy.ts";
import { modSsl } from "../../packages/identity/src/dialects/mod-ssl.ts";
import { utf8 } from "../../packages/identity/src/testing/der.ts";
import { freshConnection } from "../../packages/identity/src/testing/fresh-connection.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { startApache } from "./servers/apache.ts";
import { differences } from "./servers/apache-differences.ts";
import { generateKey, mint, mintAuthority, type Key, type KeyKind } from "./servers/mint.ts";
import { oddAuthorities, oddCertificates } from "./servers/odd-certificates.ts";
import { modSslVariables } from "./servers/mod-ssl-variables.ts";
import { createSite } from "./servers/site.ts";
import { visit } from "./servers/visit.ts";

const variables = modSslVariables(4);

/** Of the connection, and not of the certificate: only Apache knows it. */
const notCompared = new Set(["SSL_SESSION_ID"]);

void test("behind Apache and from our dialects", async (context) => {
  const site = await createSite(context, "Front Door");
  const keys = new Map<KeyKind, Key>();
  const keyOf = (kind: KeyKind) => {
    const key = keys.get(kind) ?? generateKey(kind);
    keys.set(kind, key);
    return key;
  };
  const roots = oddAuthorities.map(([subject, kind, signature]) =>
    mintAuthority(subject, generateKey(kind), signature),
  );
  const [root] = roots;
  assert.ok(root);
  const intermediate = mintAuthority(
    [[["2.5.4.3", utf8("Test Intermediate")]]],
    generateKey("P-256"),
    "ecdsa-sha256",
    root,
  );
  const authoritiesFile = join(site.folder, "authorities.pem");
  await writeFile(authoritiesFile, roots.map(({ pem }) => pem).join(""));

  const backend = await recordingBackend(context);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const options = { variables, authoritiesFile, depth: 2 };
  const servers: readonly (readonly [Dialect, number])[] = [
    [modSsl, await startApache(context, site, upstream, { ...options, names: "rfc2253" })],
    [modSslLegacy, await startApache(context, site, upstream, { ...options, names: "legacy" })],
  ];
  const server = readCertificate(new X509Certificate(await readFile(site.certificateFile)).raw);

  const met = new Set<(typeof differences)[number]>();
  let certificates = 0;
  let values = 0;
  let identical = 0;

  /** One visit to each Apache; every variable compared. */
  const compare = async (what: string, pem: string, key: Key, chain: readonly string[]) => {
    const certificate = readCertificate(new X509Certificate(pem).raw);
    const as = {
      certificatePem: [pem, ...chain].join(""),
      privateKeyPem: key.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    certificates += 1;
    for (const [dialect, port] of servers) {
      backend.forget();
      const before = Date.now();
      assert.deepEqual(await visit(site, port, { as }), { status: 200, body: "ok\n" }, what);
      const byApache = headersOf(backend.bytes());
      const connection: Connection = {
        identity: { verify: "SUCCESS", certificate },
        chain: chain.map((one) => readCertificate(new X509Certificate(one).raw)),
        server,
        tls: freshConnection,
        now: before,
      };
      for (const variable of variables) {
        if (notCompared.has(variable)) continue;
        const theirs = byApache.get(variable);
        assert.ok(theirs !== undefined, `${variable} arrived`);
        const ours = written(dialect, connection, variable);
        values += 1;
        if (ours.value === theirs.trimmed) {
          identical += 1;
          continue;
        }
        const found = { dialect: dialect.name, variable, certificate, apache: theirs.sent, ours: ours.value, refusal: ours.refusal }; // prettier-ignore
        const difference = differences.find(({ covers }) => covers(found));
        assert.ok(
          difference,
          `${dialect.name}, ${what}, ${variable}: ${JSON.stringify({ ...found, certificate: undefined })}`,
        );
        met.add(difference);
      }
      if (what === "every part") assert.match(byApache.get("SSL_SESSION_ID")?.sent ?? "", /^[0-9a-f]{64}$/);
    }
  };

  for (const [what, { key: kind = "P-256", authority = 0, ...fields }] of oddCertificates) {
    await context.test(what, () => {
      const key = keyOf(kind);
      return compare(what, mint(fields, key, roots[authority] ?? root), key, []);
    });
  }
  await context.test("an intermediate authority is sent along", () => {
    const key = keyOf("P-256");
    return compare("chain", mint({ subject: root.subject }, key, intermediate), key, [intermediate.pem]);
  });

  context.diagnostic(`${certificates} certificates, ${values} values, ${identical} of them told by both`);
  assert.ok(certificates > 100);
  for (const difference of differences)
    assert.ok(met.has(difference), `no longer a difference: ${difference.why}`);
});

type Sent = { readonly sent: string; readonly trimmed: string };

/** Header lines as they stand on the wire; what HTTP takes for their values is `trimmed`. */
function headersOf(request: Buffer): Map<string, Sent> {
  const lines = request.toString("latin1").split("\r\n\r\n", 1)[0]?.split("\r\n").slice(1) ?? [];
  return new Map(
    lines.map((line) => {
      const [, name = "", sent = ""] = /^([^:]+): ([^]*)$/.exec(line) ?? [];
      return [name, { sent, trimmed: sent.replace(/^ +| +$/g, "") }];
    }),
  );
}

type Written = { readonly value: string | undefined; readonly refusal: string | undefined };

function written(dialect: Dialect, connection: Connection, variable: string): Written {
  try {
    const lines = dialect.write(connection, { variables: [variable] });
    const value = lines.find(([name]) => name === variable)?.[1];
    return { value, refusal: undefined };
  } catch (error) {
    if (error instanceof IdentityError) return { value: undefined, refusal: error.code };
    throw error;
  }
}
