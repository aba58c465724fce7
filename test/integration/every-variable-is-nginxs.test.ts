/** The dialect nginx writes what real nginx writes, variable by variable, of more than a hundred odd certificates. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { IdentityError, readCertificate } from "@sallyport/identity";
import type { ClientIdentity } from "@sallyport/identity";
import { nginx } from "../../packages/identity/src/dialects/nginx.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { generateKey, mint, mintAuthority, type Key, type KeyKind } from "./servers/mint.ts";
import { startNginx } from "./servers/nginx.ts";
import { oddAuthorities, oddCertificates } from "./servers/odd-certificates.ts";
import { createSite } from "./servers/site.ts";
import { told } from "./servers/told.ts";

/** The header of the dialect -> the variable of nginx. Session ids are the server's own: no two have the same. */
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
  "ssl-session-reused": "$ssl_session_reused",
};
const names = Object.keys(headers);
const tls = {
  protocol: "TLSv1.3",
  cipher: "TLS_AES_256_GCM_SHA384",
  serverName: "flask.local",
  sessionId: undefined,
  resumed: false,
};

/** As `told` gives them: the value in a list, or an empty one. */
function written(identity: ClientIdentity): Record<string, readonly string[]> {
  const connection = { identity, chain: [], server: undefined, tls, now: Date.now() };
  const valuesOf = (name: string) => {
    try {
      const lines = nginx.write(connection, { variables: [name] });
      return lines.filter((line) => line[0] === name).map(([, value]) => value);
    } catch (error) {
      if (error instanceof IdentityError) return [error.code];
      throw error;
    }
  };
  return Object.fromEntries(names.map((name) => [name, valuesOf(name)]));
}

void test("behind nginx, and by the dialect", async (context) => {
  const site = await createSite(context);
  const backend = await recordingBackend(context);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const keys = new Map<KeyKind, Key>();
  const keyOf = (kind: KeyKind) => keys.get(kind) ?? keys.set(kind, generateKey(kind)).get(kind)!;
  const authorities = oddAuthorities.map(([subject, kind, signature]) =>
    mintAuthority(subject, keyOf(kind), signature),
  );
  const authoritiesFile = join(site.folder, "odd-authorities.pem");
  await writeFile(authoritiesFile, authorities.map(({ pem }) => pem).join(""));
  const port = await startNginx(context, site, upstream, { headers, authoritiesFile, presence: "optional" });

  for (const [name, { key: kind = "P-256", authority = 0, ...fields }] of oddCertificates) {
    const key = keyOf(kind);
    let pem; try { pem = mint(fields, key, authorities[authority]!);} catch(e) { console.log("MINT", name, e.message); continue; }
    let cert; try { cert = readCertificate(new X509Certificate(pem).raw); } catch(e) { console.log("READ", name, e.cause?.message); continue; }
    const ours = written({ verify: "SUCCESS", certificate: cert });
    try {
    const theirs = await told(backend, names, site, port, { certificatePem: pem, privateKeyPem: key.privateKey.export({type:"pkcs8",format:"pem"}) } as any);
    for (const n of names) if (String(ours[n])!==String(theirs[n])) console.log("DIFF", name, n, "\n ours", ours[n]?.[0]?.slice(0,200), "\n thei", theirs[n]?.[0]?.slice(0,200));
    } catch (e) { console.log("NGINX REFUSES", name, e.message.slice(0,200)); }
  }
});
