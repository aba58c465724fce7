import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, Socket, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { connectionOf } from "./connection-limit.ts";
import { limits } from "./limits.ts";
import { acceptProxied, inheritAddress } from "./proxied.ts";
import { selfSigned, tlsServer } from "./testing/tls-server.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-proxied-"));
after(() => {
  rmSync(folder, { recursive: true });
});
selfSigned(folder, "server", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
const header = Buffer.from("0d0a0d0a000d0a515549540a2111000cc0000207c633640130390443", "hex");

describe("a server behind a balancer", () => {
  it("speaks TLS on the connection itself, with no stream in between", async (context) => {
    const { server, close } = await tlsServer(folder, () => undefined);
    context.after(close);
    const acceptor = acceptProxied(server, ["127.0.0.1"], () => undefined, limits, false);
    await once(acceptor.listen(0, "127.0.0.1"), "listening");
    context.after(() => acceptor.close());
    const { port } = acceptor.address() as AddressInfo;
    const raw = connect(port, "127.0.0.1");
    await once(raw, "connect");
    raw.write(header);
    const secured = once(server, "secureConnection");
    const client = connectTls({ socket: raw, rejectUnauthorized: false });
    const [socket] = (await secured) as [TLSSocket];
    const connection = connectionOf(socket);
    // Over any other stream than a socket of the system's, Node puts one of its own (JSStreamSocket) in this place.
    assert.equal(Object.getPrototypeOf(connection), Socket.prototype);
    assert.equal(socket.remoteAddress, "127.0.0.1");
    inheritAddress(socket);
    assert.equal(socket.remoteAddress, "192.0.2.7");
    client.destroy();
  });
});
