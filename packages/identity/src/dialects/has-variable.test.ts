import assert from "node:assert/strict";
import { it } from "node:test";
import { hasVariable } from "./has-variable.ts";
import { modSsl } from "./mod-ssl.ts";
import { remoteUser } from "./remote-user.ts";

const legal = ["SSL_CLIENT_S_DN", "SSL_CLIENT_S_DN_OU", "SSL_CLIENT_S_DN_OU_n", "SSL_CLIENT_S_DN_OU_0", "SSL_CLIENT_S_DN_OU_12",
  "SSL_CLIENT_SAN_Email", "SSL_CLIENT_SAN_OTHER_msUPN_3", "SSL_CLIENT_CERT_CHAIN_n", "SSL_SERVER_SAN_DNS_9999", "SSL_TLS_SNI"]; // prettier-ignore
const illegal = ["", "SSL", "SSL_CLIENT_S_DN_1", "SSL_CLIENT_VERIFY_0", "SSL_CLIENT_S_DN_OU_01", "SSL_CLIENT_S_DN_OU_10000",
  "SSL_CLIENT_S_DN_OU_-1", "SSL_CLIENT_S_DN_OU_1_1", "SSL_CLIENT_S_DN_OU_", "ssl_client_s_dn", "SSL_CLIENT_S_DN\r\nX", "_1", "_n"]; // prettier-ignore

for (const name of legal) {
  it(`${name} is a variable`, () => {
    assert.ok(hasVariable(modSsl, name));
  });
}
for (const name of illegal) {
  it(`${JSON.stringify(name)} is none`, () => {
    assert.ok(!hasVariable(modSsl, name));
  });
}

it("a dialect without variables has none", () => {
  assert.ok(!hasVariable({ ...remoteUser, variables: undefined }, "Remote-User"));
});
