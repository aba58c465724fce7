/** Header lines that carry an identity of the client's own making. */
import { forged, get, inChunks, request, type HostileRequest } from "./hostile-request.ts";

const spellings = [
  "SSL_CLIENT_S_DN", "ssl_client_s_dn", "Ssl_Client_S_Dn", "SSL-CLIENT-S-DN", "ssl-client-s-dn", "SSL.CLIENT.S.DN",
  "ssl.client.s.dn", "SSL_CLIENT-S.DN", "SSL!CLIENT!S!DN", "SSL#CLIENT#S#DN", "SSL$CLIENT$S$DN", "SSL%CLIENT%S%DN",
  "SSL&CLIENT&S&DN", "SSL'CLIENT'S'DN", "SSL*CLIENT*S*DN", "SSL+CLIENT+S+DN", "SSL^CLIENT^S^DN", "SSL`CLIENT`S`DN",
  "SSL|CLIENT|S|DN", "SSL~CLIENT~S~DN", "HTTP_SSL_CLIENT_S_DN", "HTTP-SSL-CLIENT-S-DN", "http.ssl.client.s.dn",
  "HTTP_HTTP_SSL_CLIENT_S_DN",
]; // prettier-ignore

const family = [
  "SSL_CLIENT_I_DN", "SSL-Client-I-DN", "SSL_SERVER_S_DN_OU", "SSL.Server.S.DN.OU", "SSL_CLIENT_S_DN_CN",
  "SSL_CLIENT_S_DN_Email", "SSL_CLIENT_S_DN_CN_1", "SSL_CLIENT_CERT", "SSL_CLIENT_CERT_CHAIN_0", "SSL_CLIENT_M_SERIAL",
  "SSL_CLIENT_SAN_Email_0", "SSL_CLIENT_SAN_OTHER_msUPN_0", "SSL_CLIENT_V_END", "SSL_CLIENT_DN", "SSL_CLIENT_CN",
  "SSL_SERVER_S_DN", "SSL_TLS_SNI", "SSL_SESSION_ID", "HTTP_SSL_CLIENT_CERT", "X-SSL-Client-S-DN", "X_SSL_CLIENT_CN",
  "X-SSL-Client-Verify", "Client-Cert", "Client-Cert-Chain", "client_cert", "X-Forwarded-Client-Cert",
  "X-Forwarded-Tls-Client-Cert", "X-Forwarded-Tls-Client-Cert-Info", "X-Amzn-Mtls-Clientcert-Leaf",
  "Cf-Client-Cert-Der-Base64", "X-Client-Cert-Subject-DN", "X-Client-DN", "Remote-User", "REMOTE_USER", "Remote.Groups",
  "X-Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-User", "X-Authenticated-User", "Auth-User",
  "Sallyport-Secret", "sallyport_secret", "Sallyport.Anything",
]; // prettier-ignore

const addresses = [
  "X-Forwarded-For: 192.0.2.66, mallory", "X-Forwarded-Host: mallory.example", "X_Forwarded_Host: mallory.example",
  "X-Forwarded-Proto: mallory", "X-Forwarded-Port: mallory", "X-Forwarded-Prefix: /mallory",
  "X-Forwarded-Server: mallory", "X-Forwarded-Path: /mallory", "X-Forwarded-Uri: /mallory", "Forwarded: for=mallory",
  "forwarded: host=mallory.example", "X-Real-IP: mallory", "True-Client-IP: mallory", "X-Original-URL: /mallory",
  "X-Rewrite-URL: /mallory", "X-Original-Uri: /mallory", "Script-Name: /mallory", "X-Script-Name: /mallory",
  "Path_Info: /mallory", "Proxy: http://mallory.example/",
]; // prettier-ignore

const prototypeNames = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];

function forwarded(name: string, bytes: string): HostileRequest {
  return { name, bytes, outcome: "forwarded" };
}

export const forgedNames: readonly HostileRequest[] = [
  ...spellings.map((name) => forwarded(`spelled ${name}`, get(`${name}: ${forged}`))),
  ...family.map((name) => forwarded(`of the family: ${name}`, get(`${name}: ${forged}`))),
  ...addresses.map((line) => forwarded(`address ${line}`, get(line))),
  ...prototypeNames.map((name) =>
    forwarded(`the name ${name}`, get(`${name}: x`, `SSL_CLIENT_S_DN: ${forged}`)),
  ),
  forwarded("two lines", get(`SSL_CLIENT_S_DN: ${forged}`, `SSL_CLIENT_S_DN: ${forged}2`)),
  forwarded("two lines in two spellings", get(`SSL_CLIENT_S_DN: ${forged}`, `SSL-Client-S-DN: ${forged}`)),
  forwarded("a hundred-fold, nearly", get(...Array.from({ length: 90 }, () => `SSL-CLIENT-S_DN: ${forged}`))),
  forwarded("erased by an empty value", get("SSL_CLIENT_S_DN:")),
  forwarded("erased by white space", get("SSL_CLIENT_S_DN: \t ")),
  forwarded("erased by an empty value, folded", get("SSL-CLIENT-S-DN:", "SSL-CLIENT-VERIFY:")),
  forwarded("verification claimed", get("SSL_CLIENT_VERIFY: SUCCESS", "SSL-CLIENT-VERIFY: SUCCESS")),
  forwarded("verification denied", get("SSL_CLIENT_VERIFY: NONE", "SSL_CLIENT_VERIFY: FAILED:mallory")),
  forwarded("before Host", `GET /flask/ HTTP/1.1\r\nSSL-CLIENT-S-DN: ${forged}\r\nHost: localhost\r\n\r\n`),
  forwarded("white space around the value", get(`SSL-CLIENT-S-DN: \t${forged} \t`)),
  forwarded("in HTTP/1.0", request("GET /flask/ HTTP/1.0", [`SSL-CLIENT-S-DN: ${forged}`])),
  forwarded(
    "with HEAD",
    request("HEAD /flask/ HTTP/1.1", [`SSL-CLIENT-S-DN: ${forged}`, `SSL_CLIENT_S_DN: ${forged}`]),
  ),
  forwarded(
    "with POST",
    request("POST /flask/ HTTP/1.1", [`SSL-CLIENT-S-DN: ${forged}`, "Content-Length: 2"], "hi"),
  ),
  ...["SSL_CLIENT_S_DN", "SSL-CLIENT-S-DN", "ssl.client.s.dn", "HTTP_SSL_CLIENT_S_DN", "Client-Cert"].map(
    (name) =>
      forwarded(
        `in a trailer: ${name}`,
        request(
          "POST /flask/ HTTP/1.1",
          ["Transfer-Encoding: chunked"],
          inChunks("hi", `0\r\n${name}: ${forged}\r\n\r\n`),
        ),
      ),
  ),
  forwarded(
    "in a trailer that is announced",
    request(
      "POST /flask/ HTTP/1.1",
      ["Transfer-Encoding: chunked", "Trailer: SSL_CLIENT_S_DN", "TE: trailers"],
      inChunks("hi", `0\r\nSSL_CLIENT_S_DN: ${forged}\r\n\r\n`),
    ),
  ),
  forwarded(
    "in a trailer, framing too",
    request(
      "POST /flask/ HTTP/1.1",
      ["Transfer-Encoding: chunked"],
      inChunks("hi", `0\r\nHost: mallory\r\nX-Forwarded-For: mallory\r\n\r\n`),
    ),
  ),
];
