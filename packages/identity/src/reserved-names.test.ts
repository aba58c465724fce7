import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dialects } from "./dialects/index.ts";
import { foldName } from "./fold-name.ts";
import { isReserved } from "./reserved-names.ts";

const reserved = (name: string): boolean => isReserved(foldName(name));

/** Every spelling that some server, framework or CGI layer reads as the same name. */
function spellingsOf(name: string): string[] {
  const forms = [
    name,
    name.replaceAll(/[_-]/g, "-"),
    name.replaceAll(/[_-]/g, "_"),
    name.replaceAll(/[_-]/g, "."),
  ];
  return forms.flatMap((form) => [
    form,
    form.toLowerCase(),
    form.toUpperCase(),
    `HTTP_${form}`,
    `http-${form}`,
  ]);
}

describe("every name of every dialect is reserved in every spelling", () => {
  for (const dialect of dialects) {
    for (const name of dialect.headerNames) {
      it(`${dialect.name}: ${name}`, () => {
        for (const spelling of spellingsOf(name)) assert.ok(reserved(spelling), spelling);
      });
    }
  }
});

describe("every name by which another system carries identity is reserved in every spelling", () => {
  const systems: Record<string, string[]> = {
    "Apache mod_ssl": ["SSL_CLIENT_S_DN_CN", "SSL_CLIENT_CERT", "SSL_CLIENT_M_SERIAL", "SSL_CLIENT_VERIFY_ERRSTR", "SSL_CLIENT_SAN_Email_0", "SSL_CLIENT_B64CERT", "SSL_CLIENT_CERT_CHAIN_0", "SSL_CLIENT_CERT_RFC4523_CEA", "SSL_SERVER_S_DN", "SSL_SERVER_CERT", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_SESSION_ID", "SSL_TLS_SNI", "SSL_SRP_USER", "SSL_CLIENT_DN", "SSL_CLIENT_CN", "HTTPS", "REMOTE_USER"],
    nginx: ["ssl-client-verify", "ssl-client-cert", "ssl-client-subject-dn", "ssl-client-issuer-dn", "ssl_client_escaped_cert", "ssl_client_fingerprint", "ssl_client_serial", "ssl_client_raw_cert", "ssl_client_v_remain"],
    HAProxy: ["X-SSL", "X-SSL-Session_ID", "X-SSL-Client-Verify", "X-SSL-Client-DN", "X-SSL-Client-CN", "X-SSL-Issuer", "X-SSL-Client-NotBefore", "X-SSL-Client-NotAfter", "X-SSL-Client-SAN", "X-SSL-Client-SHA1", "X-SSL-Client-Cert", "ssl_c_s_dn", "ssl_c_verify"],
    "Envoy, Istio": ["x-forwarded-client-cert", "x-envoy-external-address"],
    Traefik: ["X-Forwarded-Tls-Client-Cert", "X-Forwarded-Tls-Client-Cert-Info"],
    Caddy: ["tls_client_subject", "X-Tls-Client-Subject"],
    Pomerium: ["X-Pomerium-Jwt-Assertion", "X-Pomerium-Claim-Email", "X-Pomerium-Claim-Groups"],
    "AWS ALB": ["X-Amzn-Mtls-Clientcert", "X-Amzn-Mtls-Clientcert-Serial-Number", "X-Amzn-Mtls-Clientcert-Issuer", "X-Amzn-Mtls-Clientcert-Subject", "X-Amzn-Mtls-Clientcert-Validity", "X-Amzn-Mtls-Clientcert-Leaf", "x-amzn-oidc-identity", "x-amzn-oidc-data"],
    CloudFront: ["CloudFront-Viewer-Cert-Serial-Number", "CloudFront-Viewer-Cert-Issuer", "CloudFront-Viewer-Cert-Subject", "CloudFront-Viewer-Cert-Present", "CloudFront-Viewer-Cert-Sha256", "CloudFront-Viewer-Cert-Validity", "CloudFront-Viewer-Cert-Pem"],
    "Google Cloud": ["X-Client-Cert-Present", "X-Client-Cert-Chain-Verified", "X-Client-Cert-Leaf", "X-Client-Cert-Subject-Dn", "X-Client-Cert", "X-Goog-Iap-Jwt-Assertion", "X-Goog-Authenticated-User-Email"],
    Azure: ["X-ARR-ClientCert", "X-Client-Certificate"],
    Cloudflare: ["Cf-Client-Cert-Der-Base64", "Cf-Client-Cert-Sha256"],
    Tomcat: ["ssl_client_cert", "ssl_client_escaped_cert", "ssl_cipher", "ssl_session_id", "ssl_cipher_usekeysize", "ssl_secure_protocol"],
    "RFC 9440": ["Client-Cert", "Client-Cert-Chain"],
    "Authelia, oauth2-proxy and their kin": ["Remote-User", "Remote-Groups", "Remote-Email", "Remote-Name", "X-Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Groups", "X-Forwarded-Preferred-Username", "X-Forwarded-Access-Token", "X-Auth-Request-User", "X-Auth-Request-Email", "X-WEBAUTH-USER", "X-Authenticated-User"],
    "the address of the client": ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded", "X-Real-IP", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP"],
    "another resource than the one authorised": ["X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "Script-Name", "X-Script-Name", "Path-Info"],
    "CVE-2016-5385": ["Proxy"],
    ours: ["Sallyport-Secret", "Sallyport-Anything"],
  }; // prettier-ignore
  for (const [system, names] of Object.entries(systems)) {
    it(system, () => {
      const missing = names.flatMap(spellingsOf).filter((spelling) => !reserved(spelling));
      assert.deepEqual(missing, []);
    });
  }
});

describe("ordinary names are nobody's but the client's", () => {
  const names = ["Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition", "Cookie", "Date", "DNT", "DPoP", "ETag", "From", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Last-Event-ID", "Link", "Max-Forwards", "Origin", "Pragma", "Prefer", "Priority", "Range", "Referer", "Sec-CH-UA", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "SOAPAction", "traceparent", "tracestate", "baggage", "Upgrade-Insecure-Requests", "User-Agent", "Via", "X-API-Key", "X-CSRF-Token", "X-Requested-With", "X-Request-ID", "X-Correlation-ID", "X-XSRF-TOKEN", "HX-Request", "X-HTTP-Method-Override", "Client-Hints", "Remote", "SSL", "__proto__", "constructor", "toString"]; // prettier-ignore
  for (const name of names) {
    it(name, () => {
      assert.equal(reserved(name), false);
    });
  }
});
