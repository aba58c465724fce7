/** Alternative names travel in dialects that list them: no value may end its list, its line or its head. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { readCertificate } from "@sallyport/identity";
import { generalNames, subjectAltName, tlv, userPrincipalName, utf8 } from "../../packages/identity/src/testing/der.ts"; // prettier-ignore
import { ask } from "../support/ask.ts";
import { forPurposes, isNoAuthority } from "../support/extensions.ts";
import { fold } from "../support/fold.ts";
import { mint } from "../support/mint.ts";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";

const hostile: Readonly<Record<string, string>> = {
  "CR LF and a header": "x\r\nSSL_CLIENT_S_DN: CN=Grace Hopper",
  "CR LF CR LF and a request": "x\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n",
  "NUL in the middle": "grace@flask.local\0.evil.example",
  "a comma and another element": 'x,By=y;Subject="CN=Grace Hopper"',
  "a semicolon and another pair": 'x;Subject="CN=Grace Hopper"',
  "a quote": 'x";Subject="CN=Grace Hopper',
  "a backslash": 'x\\";Subject=CN=Grace Hopper',
  "the label of another kind": "x, email:grace@flask.local, DNS:flask.local",
  "a bare LF": "x\nSSL_CLIENT_VERIFY: SUCCESS",
  "octets beyond ASCII": "gr\xe1ce\x85\xff@flask.local",
  nothing: "",
  "9000 letters": "x".repeat(9000),
};
const { email, dns, uri, other } = generalNames;
const kinds = {
  email,
  dns,
  uri,
  upn: (text: string) => other(userPrincipalName, utf8(text)),
  "a UPN that is no text": (text: string) => other(userPrincipalName, tlv(4, Buffer.from(text))),
  "a directory name": (text: string) => tlv(0xa4, tlv(0x30, tlv(0x31, tlv(0x30, tlv(6, Buffer.of(85, 4, 3)), utf8(text))))),
}; // prettier-ignore

void test("a hostile alternative name stays in its place", async (t) => {
  const authority = await createTestAuthority(t);
  const backend = await recordingBackend(t);
  const upstream = `http://127.0.0.1:${backend.port}/`;
  const variables = ["SSL_CLIENT_S_DN", "SSL_CLIENT_SAN_Email", "SSL_CLIENT_SAN_DNS", "SSL_CLIENT_SAN_OTHER_msUPN"];
  const route = (dialect: string, identity: unknown = dialect) => ({ prefix: `/${dialect}/`, upstream, identity: [identity] });
  const routes = [route("mod_ssl", { dialect: "mod_ssl", variables }), route("envoy"), route("traefik"), route("ssl-client")];
  const { port } = await startGateway(t, { ...gatewayConfig(authority, backend.port), routes });
  const issuer = { cert: authority.root.certificatePem, key: authority.root.privateKeyPem };

  for (const [kind, name] of Object.entries(kinds)) {
    for (const [what, text] of Object.entries(hostile)) {
      const sans = subjectAltName(name(text), name("harmless"));
      const identity = mint({ subject: "Test Subject", issuer, extensions: [isNoAuthority, forPurposes("client"), sans] });
      await t.test(`${kind}: ${what}`, async () => {
        let answered = 0;
        for (const { prefix } of routes) {
          backend.forget();
          const { status, text: said } = await ask({ port, identity }, { path: prefix, lines: ["Accept: text/plain"] });
          assert.ok(status === 200 || /\((?:subject-ambiguous|identity-too-large|certificate-malformed|certificate-untrusted), incident /.test(said), `${prefix} ${status} ${said}`);
          assert.equal(backend.requests().length, status === 200 ? 1 : 0);
          assert.deepEqual(backend.leftovers(), []);
          const [request] = backend.requests();
          if (request === undefined) continue;
          answered += 1;
          const names = request.lines.map(([line]) => fold(line));
          assert.equal(new Set(names).size, names.length, "a name twice");
          const subject = request.lines.filter(([line]) => fold(line) === "ssl_client_s_dn").map(([, value]) => value);
          assert.ok(subject.every((value) => value === "CN=Test Subject"), subject.join("|"));
          for (const [line, value] of request.lines) {
            assert.match(value, /^[^\x00-\x1f\x7f]*$/);
            if (fold(line) !== "x_forwarded_client_cert") continue;
            // The certificate's own subject, in quotes, and nothing else that a reader could take for one.
            const subjects = [...value.matchAll(/(?:^|[;,])Subject=("(?:[^"\\]|\\.)*"|[^;,]*)/gi)];
            assert.deepEqual(subjects.map(([, given]) => given), ['"CN=Test Subject"'], value);
          }
        }
        assert.ok(answered > 0 || readable(identity.cert) === undefined, "no dialect carries it");
      });
    }
  }
}); // prettier-ignore

function readable(pem: string) {
  try {
    return readCertificate(new X509Certificate(pem).raw);
  } catch {
    return undefined;
  }
}
