import { connect, createServer, createSecureContext, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { constants } from "node:crypto";
import { mint } from "../support/mint.ts";
import { forPurposes, isAuthority, isNoAuthority } from "../support/extensions.ts";
const root = mint({ subject: "R", extensions: [isAuthority()] });
const leaf = (subject: string, p: any = "client", issuer: any = root) => mint({ subject, issuer, extensions: [isNoAuthority, forPurposes(p)] });
for (const opt of [0]) {
const srv = createServer({ ...leaf("s", "server"), ca: root.cert, requestCert: true, rejectUnauthorized: false, secureOptions: opt, maxVersion: "TLSv1.2" }).listen(0);
srv.on("tlsClientError", e => console.log("tlsClientError", e.message));
await once(srv, "listening");
const conn = once(srv, "secureConnection");
const s = connect({ port: (srv.address() as any).port, rejectUnauthorized: false, maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_NO_TICKET, ...leaf("Mallory") });
s.on("error", e => console.log("cerr", e.message.slice(0,100)));
const [ss] = await conn as [TLSSocket];
ss.on("error", e => console.log("serr", e.message.slice(0,100)));
ss.resume(); s.resume();
await once(s, "secureConnect").catch(() => 0);
const show = () => console.log(ss.getPeerX509Certificate()?.subject, ss.authorized, ss.authorizationError, ss.isSessionReused(), ss.destroyed);
show();
for (const other of [leaf("Grace"), leaf("Grace", "server"), mint({ subject: "Grace self" })]) {
  s.setKeyCert(createSecureContext(other)); s.enableTrace();
  console.log(await Promise.race([new Promise(r => s.renegotiate({ rejectUnauthorized: false }, e => r(e ?? "ok"))), new Promise(r => setTimeout(() => r("timeout"), 1500))]));
  await new Promise(r => setTimeout(r, 50));
  show();
}
s.destroy(); srv.close();
}
