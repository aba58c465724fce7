import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerOptions } from "node:https";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it, type TestContext } from "node:test";
import { handshakeFailure, handshakeFailureReasons, type HandshakeFailure } from "./handshake-failure.ts";
import { selfSigned, tlsServer } from "./testing/tls-server.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-handshake-"));
after(() => {
  rmSync(folder, { recursive: true });
});
selfSigned(folder, "server", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
selfSigned(folder, "client", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
selfSigned(folder, "rsa", "rsa:2048");
selfSigned(folder, "ed25519", "ed25519");
selfSigned(folder, "koblitz", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1");

type Visit = (port: number) => Promise<unknown>;

/** How the one handshake fails that `visit` begins. */
async function failureOf(context: TestContext, visit: Visit, options?: ServerOptions): Promise<HandshakeFailure> {
  const failures: HandshakeFailure[] = [];
  const { server, port, close } = await tlsServer(folder, (error, socket) => failures.push(handshakeFailure(error, socket)), options);
  context.after(close);
  const failed = once(server, "tlsClientError");
  await visit(port);
  await failed;
  const [failure] = failures;
  assert.ok(failure !== undefined && failures.length === 1);
  assert.match(failure.detail, /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, "one line");
  assert.doesNotMatch(failure.detail, /deps|\.c:|error:|[0-9A-F]{8}/, "nothing of OpenSSL's insides");
  return failure;
} // prettier-ignore

async function run(program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { cwd: folder, stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.end();
  await once(child, "close");
}

const openssl = (...args: string[]): Visit => (port) => run("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...args]); // prettier-ignore
const certificate = (name: string) => ["-cert", `${name}.crt`, "-key", `${name}.key`];

/** Sends octets and then does what is to be done. */
const raw = (octets: string | Buffer, then: (socket: Socket) => void = (socket) => socket.end()): Visit => async (port) => {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined).resume();
  await once(socket, "connect");
  if (octets.length > 0) socket.write(octets);
  then(socket);
  await new Promise((resolve) => socket.once("close", resolve));
}; // prettier-ignore

/** openssl through a wire that changes its records: type, version, length, message type, ... */
const tampered = (change: (record: Buffer) => void, ...args: string[]): Visit => async (port) => {
  const wire = createServer((client) => {
    const server = connect(port, "127.0.0.1").on("error", () => undefined);
    server.pipe(client).on("error", () => undefined);
    client.on("close", () => server.destroy());
    let pending = Buffer.alloc(0);
    client.on("data", (part: Buffer) => {
      pending = Buffer.concat([pending, part]);
      while (pending.length >= 5 && pending.length >= 5 + pending.readUInt16BE(3)) {
        const record = pending.subarray(0, 5 + pending.readUInt16BE(3));
        pending = Buffer.from(pending.subarray(record.length));
        change(record);
        server.write(record);
      }
    });
  });
  await once(wire.listen(0, "127.0.0.1"), "listening");
  await openssl(...args)((wire.address() as AddressInfo).port);
  wire.close();
}; // prettier-ignore

const handshake = 22,
  applicationData = 23;
const isMessage = (record: Buffer, type: number) => record[0] === handshake && record[5] === type;
const flip = (record: Buffer, at: number) => { record[at] = (record[at] ?? 0) ^ 0x7f; }; // prettier-ignore
const last = (record: Buffer) => { flip(record, record.length - 1); }; // prettier-ignore
const spoiltSignature = (name: string, ...args: string[]) =>
  tampered((record) => { if (isMessage(record, 15)) last(record); }, "-tls1_2", ...certificate(name), ...args); // prettier-ignore
const hello = Buffer.from("16030100f8010000f40303", "hex");
const quiet = () => undefined;

const cases: Record<string, [HandshakeFailure["reason"], Visit, RegExp, ServerOptions?]> = {
  "no cipher in common, TLS 1.2": ["no-shared-cipher", openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), /^no shared cipher$/],
  "no cipher in common, TLS 1.3": ["no-shared-cipher", openssl("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256"), /^no shared cipher$/],
  "no signature algorithm for our key": ["no-shared-cipher", openssl("-tls1_3", "-sigalgs", "RSA-PSS+SHA256"), /^no suitable signature algorithm$/],
  "no application protocol in common": ["no-shared-alpn", openssl("-alpn", "h2"), /^no application protocol$/],
  "TLS 1.0": ["protocol-version", openssl("-tls1", "-cipher", "ALL:@SECLEVEL=0"), /^unsupported protocol$/],
  "TLS 1.1": ["protocol-version", openssl("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), /^unsupported protocol$/],
  "TLS 1.2 where 1.3 is demanded": ["protocol-version", openssl("-tls1_2"), /^unsupported protocol$/, { minVersion: "TLSv1.3" }],
  "no key share in common": ["curve", openssl("-tls1_3", "-groups", "ffdhe8192"), /^no suitable key share$/],
  "a client certificate on a curve that is not spoken": ["curve", openssl("-tls1_2", ...certificate("koblitz")), /^wrong curve$/],
  "no certificate where the listener demands one, TLS 1.2": ["no-certificate", openssl("-tls1_2"), /^peer did not return a certificate$/, { rejectUnauthorized: true }],
  "no certificate where the listener demands one, TLS 1.3": ["no-certificate", openssl("-tls1_3"), /^peer did not return a certificate$/, { rejectUnauthorized: true }],
  "an untrusted certificate where the listener demands a good one": ["certificate-refused", openssl(...certificate("client")), /^DEPTH_ZERO_SELF_SIGNED_CERT$/, { rejectUnauthorized: true }],
  "a certificate that is no DER": ["bad-certificate", tampered((record) => { if (isMessage(record, 11)) flip(record, 15); }, "-tls1_2", ...certificate("client")), /^wrong tag$/],
  "a certificate with a point that is on no curve": ["bad-certificate", tampered((record) => { if (isMessage(record, 11)) flip(record, record.indexOf("03420004", "hex") + 9); }, "-tls1_2", ...certificate("client")), /^decode error$/],
  "a wrong signature, EC": ["bad-certificate-signature", spoiltSignature("client"), /signature/],
  "a wrong signature, RSA-PSS": ["bad-certificate-signature", spoiltSignature("rsa"), /./],
  "a wrong signature, RSA PKCS #1": ["bad-certificate-signature", spoiltSignature("rsa", "-sigalgs", "RSA+SHA256:ECDSA+SHA256"), /./],
  "a wrong signature, Ed25519": ["bad-certificate-signature", spoiltSignature("ed25519"), /./],
  "a signature that is no signature": ["bad-certificate-signature", tampered((record) => { if (isMessage(record, 15)) flip(record, 13); }, "-tls1_2", ...certificate("client")), /^bad signature$/],
  "a spoilt record, TLS 1.3": ["bad-record", tampered((record) => { if (record[0] === applicationData) last(record); }, "-tls1_3", ...certificate("client")), /bad record mac$/],
  "a spoilt record, TLS 1.2": ["bad-record", tampered((record) => { if (record[0] === handshake && ![1, 16].includes(record[5] ?? 0)) last(record); }, "-tls1_2"), /./],
  "a record with another message": ["bad-record", raw("\x16\x03\x01\x00\x05hello"), /^unexpected message$/],
  "a record that is too long": ["bad-record", raw(Buffer.concat([Buffer.from("160301ffff", "hex"), Buffer.alloc(65_535)])), /^data length too long$/],
  "our certificate is not believed, TLS 1.2": ["client-alert", openssl("-tls1_2", "-verify_return_error", "-CAfile", "client.crt"), /^tlsv1 alert unknown ca$/],
  "our certificate is not believed, TLS 1.3": ["client-alert", openssl("-tls1_3", "-verify_return_error", "-CAfile", "client.crt"), /^tlsv1 alert unknown ca$/],
  "our certificate is not believed by curl": ["client-alert", (port) => run("curl", ["-s", `https://127.0.0.1:${port}/`]), /^tlsv1 alert unknown ca$/],
  "plain HTTP, GET": ["plain-http", raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), /^http request$/],
  "plain HTTP, POST": ["plain-http", raw("POST / HTTP/1.1\r\nHost: x\r\n\r\n"), /^http request$/],
  "plain HTTP, CONNECT": ["plain-http", raw("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"), /^https proxy request$/],
  "plain HTTP, a method that OpenSSL does not know": ["not-tls", raw("PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n"), /^wrong version number$/],
  "plain HTTP/2": ["not-tls", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), /^wrong version number$/],
  "SSH": ["not-tls", raw("SSH-2.0-client\r\n"), /^wrong version number$/],
  "silence": ["timeout", raw("", quiet), /^TLS handshake timeout$/],
  "half a ClientHello, and silence": ["timeout", raw(hello, quiet), /^TLS handshake timeout$/],
  "half a ClientHello, and an end": ["reset", raw(hello), /^socket hang up$/],
  "half a ClientHello, and a reset": ["reset", raw(hello, (socket) => { setTimeout(() => socket.resetAndDestroy(), 50); }), /^read ECONNRESET$/],
  "nothing, and an end": ["reset", raw(""), /^socket hang up$/],
}; // prettier-ignore

describe("a handshake that fails is given its reason", { timeout: 60_000 }, () => {
  for (const [name, [reason, visit, detail, options]] of Object.entries(cases)) {
    it(`${name}: ${reason}`, async (context) => {
      const failure = await failureOf(context, visit, options);
      assert.equal(failure.reason, reason, failure.detail);
      assert.match(failure.detail, detail);
    });
  }

  it("what nobody has met yet is other; every reason but that one has been made to happen", () => {
    const unmet: NodeJS.ErrnoException = Object.assign(new Error("a\r\nline\u202e"), { code: "ERR_NEW" });
    assert.deepEqual(handshakeFailure(unmet), { reason: "other", detail: "a line" });
    const met = new Set(["other", ...Object.values(cases).map(([reason]) => reason)]);
    assert.deepEqual(handshakeFailureReasons.filter((reason) => !met.has(reason)), []);
  }); // prettier-ignore
});
