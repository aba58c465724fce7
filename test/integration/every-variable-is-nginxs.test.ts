/** Every variable that the dialect nginx has, over more than a hundred certificates: what nginx sends, and what we write. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { IdentityError, readCertificate, type Connection } from "@sallyport/identity";
import { nginx } from "../../packages/identity/src/dialects/nginx.ts";
import { utf8 } from "../../packages/identity/src/testing/der.ts";
import { freshConnection } from "../../packages/identity/src/testing/fresh-connection.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { generateKey, mint, mintAuthority, type Key, type KeyKind } from "./servers/mint.ts";
import { differences, type Difference } from "./servers/nginx-differences.ts";
import { startNginx } from "./servers/nginx.ts";
import { oddAuthorities, oddCertificates, type OddCertificate } from "./servers/odd-certificates.ts";
import { createSite } from "./servers/site.ts";
import { told } from "./servers/told.ts";
import { visit } from "./servers/visit.ts";

/** The header of the dialect -> the variable of nginx. */
const headers: Readonly<Record<string, string>> = {
  "ssl-client-verify": "$ssl_client_verify",
  "ssl-client-subject-dn": "$ssl_client_s_dn",
  "ssl-client-issuer-dn": "$ssl_client_i_dn",
  "ssl-client-cert": "$ssl_client_escaped_cert",
  "ssl-client-serial": "$ssl_client_serial",
  "ssl-client-fingerprint": "$ssl_client_fingerprint",
  "ssl-client-s-dn-legacy": "$ssl_client_s_dn_legacy",
  "ssl-client-i-dn-legacy": "$ssl_client_i_dn_legacy",
  "ssl-client-v-start": "$ssl_client_v_start",
  "ssl-client-v-end": "$ssl_client_v_end",
  "ssl-client-v-remain": "$ssl_client_v_remain",
  "ssl-protocol": "$ssl_protocol",
  "ssl-cipher": "$ssl_cipher",
  "ssl-server-name": "$ssl_server_name",
  "ssl-session-id": "$ssl_session_id",
  "ssl-session-reused": "$ssl_session_reused",
};
/** A session's id is its server's own. */
const names = Object.keys(headers).filter((name) => name !== "ssl-session-id");

function connectionOf(identity: Connection["identity"]): Connection {
  return {
    identity,
    chain: [],
    server: undefined,
    tls: freshConnection,
    now: Date.now(),
  };
}

function written(connection: Connection, name: string): { value?: string | undefined; refusal?: string } {
  try {
    const lines = nginx.write(connection, { variables: [name] });
    return { value: lines.find(([other]) => other === name)?.[1] };
  } catch (error) {
    if (error instanceof IdentityError) return { refusal: error.code };
    throw error;
  }
}

const endsWithASpace: readonly (readonly [what: string, OddCertificate])[] = [
  [
    "a subject that ends with a space",
    { subject: [[["2.5.4.3", utf8("Grace ")]], [["2.5.4.10", utf8("x")]]] },
  ],
];
/** Octets of a serial number that OpenSSL prints on one line. */
const oneLine = 35;

void test("behind nginx and from our dialect", async (context) => {
  assert.deepEqual(Object.keys(headers).toSorted(), [...nginx.headerNames].toSorted(), "all of them");
  const site = await createSite(context);
  const keys = new Map<KeyKind, Key>();
  const keyOf = (kind: KeyKind) => {
    const key = keys.get(kind) ?? generateKey(kind);
    keys.set(kind, key);
    return key;
  };
  const roots = oddAuthorities.map(([subject, kind, signature]) =>
    mintAuthority(subject, keyOf(kind), signature),
  );
  const minted = ({ key: kind = "P-256", authority = 0, ...fields }: OddCertificate) => {
    const root = roots[authority];
    assert.ok(root);
    const key = keyOf(kind);
    const certificatePem = mint(fields, key, root);
    const privateKeyPem = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return {
      as: { certificatePem, privateKeyPem },
      certificate: readCertificate(new X509Certificate(certificatePem).raw),
    };
  };
  const authoritiesFile = join(site.folder, "odd-authorities.pem");
  await writeFile(authoritiesFile, roots.map(({ pem }) => pem).join(""));
  const backend = await recordingBackend(context);
  const options = { headers, authoritiesFile, presence: "optional" } as const;
  const port = await startNginx(context, site, `http://127.0.0.1:${backend.port}/`, options);

  const isLong = ({ serial }: OddCertificate) => (serial?.length ?? 0) > oneLine;
  const all = [...oddCertificates, ...endsWithASpace];
  const met = new Set<Difference>();
  let compared = 0;
  for (const [what, odd] of all.filter(([, odd]) => !isLong(odd))) {
    await context.test(what, async () => {
      const { as, certificate } = minted(odd);
      const connection = connectionOf({ verify: "SUCCESS", certificate });
      const byNginx = await told(backend, names, site, port, as);
      for (const header of names) {
        const [theirs, ...more] = byNginx[header] ?? [];
        assert.deepEqual(more, []);
        const { value: ours, refusal } = written(connection, header);
        if (ours === theirs && refusal === undefined) continue;
        const found = { header, certificate, theirs, ours, refusal };
        const difference = differences.find(({ covers }) => covers(found));
        assert.ok(difference, JSON.stringify({ header, theirs, ours, refusal }));
        met.add(difference);
      }
      compared += 1;
    });
  }

  await context.test("which are more than a hundred, and each difference is one of them", () => {
    assert.ok(compared > 100, `only ${compared} certificates were compared`);
    for (const difference of differences) assert.ok(met.has(difference), difference.why);
  });

  await context.test(
    "a serial number that nginx breaks into lines, which ends its request's head",
    async () => {
      const [[, odd] = assert.fail("there is one")] = all.filter(([, one]) => isLong(one));
      const { as, certificate } = minted(odd);
      const digits = certificate.serialNumber;
      backend.forget();
      const visited = visit(site, port, { as });
      const broken = `ssl-client-serial: ${digits.slice(0, 2 * oneLine)}\\\n${digits.slice(2 * oneLine, 4 * oneLine)}`;
      for (let patience = 250; patience > 0 && !backend.bytes().includes(broken); patience -= 1)
        await sleep(20);
      assert.ok(backend.bytes().includes(broken), "nginx breaks it");
      backend.disconnect();
      assert.equal((await visited).status, 502);
      assert.deepEqual(written(connectionOf({ verify: "SUCCESS", certificate }), "ssl-client-serial"), {
        value: digits,
      });
    },
  );

  await context.test("nobody at all", async () => {
    const byNginx = await told(backend, names, site, port, undefined);
    for (const header of names) {
      const { value } = written(connectionOf({ verify: "NONE" }), header);
      assert.deepEqual(byNginx[header], value === undefined ? [] : [value], header);
    }
    assert.deepEqual(byNginx["ssl-client-verify"], ["NONE"]);
  });
});
