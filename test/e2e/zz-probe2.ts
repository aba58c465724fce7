import { connect, createSecureContext } from "node:tls";
import { constants } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { recordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway } from "../support/running-gateway.ts";
import { createTestAuthority } from "../support/test-authority.ts";
import { mint } from "../support/mint.ts";
import { forPurposes, isNoAuthority } from "../support/extensions.ts";
const undo: (() => unknown)[] = [];
const t = { after: (f: () => unknown) => { undo.unshift(f); } };
const authority = await createTestAuthority(t);
const backend = await recordingBackend(t);
const root = { cert: authority.root.certificatePem, key: authority.root.privateKeyPem };
const config = gatewayConfig(authority, backend.port, { clients: { presence: "optional" } });
const gw = await startGateway(t, config);
const mallory = await authority.issue("Mallory");
const others: Record<string, any> = {
  grace: authority.grace,
  "server grace": mint({ subject: "Grace Hopper", issuer: root, extensions: [isNoAuthority, forPurposes("server")] }),
  "self": mint({ subject: "Grace Hopper" }),
};
for (const first of [mallory, undefined]) for (const [name, other] of Object.entries(others)) {
  const s = connect({ port: gw.port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false, maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_NO_TICKET, ...(first ?? {}) });
  s.on("error", (e) => console.log("client error", e.message.slice(0, 120)));
  let got = ""; s.on("data", (d) => (got += d));
  await once(s, "secureConnect");
  const get = async () => { got = ""; backend.forget(); s.write("GET /flask/ HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n"); for (let i = 0; i < 40 && !got; i++) await new Promise((r) => setTimeout(r, 25)); return `${got.slice(9, 12)} ${/\((\S+), inc/.exec(got)?.[1] ?? ""} ${JSON.stringify(backend.subjectLines().map((l) => l[1]))}`; };
  console.log(name, "before:", await get());
  s.setKeyCert(createSecureContext(other));
  for (let i = 1; i <= 6; i++) {
    const result = await Promise.race([new Promise((r) => { try { s.renegotiate({ rejectUnauthorized: false }, (e) => r(e ? `ERR ${e.message.slice(0,60)}` : "renegotiated")); } catch (e) { r(String(e)); } }), once(s, "close").then(() => "closed"), new Promise((r) => setTimeout(() => r("no answer"), 1000))]);
    console.log(" renegotiate", i, result);
    if (result !== "renegotiated") break;
    if (i === 1) {
      console.log("  after:", await get());
      await gw.reconfigure({ ...config, contact: `x ${Math.random()}` });
      const n = gw.log.length;
      gw.signal("SIGHUP"); await gw.logged((l) => gw.log.indexOf(l) >= n && l.msg === "reloaded"); await new Promise((r) => setTimeout(r, 700));
      console.log("  after reload:", s.destroyed, await get());
    }
  }
  s.destroy();
}
console.log(gw.log.filter((l) => l.level !== "info" || l.msg).slice(-12), gw.stderr());
for (const f of undo) await f();
