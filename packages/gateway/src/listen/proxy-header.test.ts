import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProxyHeaderError, readProxyHeader } from "./proxy-header.ts";

const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

/** @param length of the block as it is told; as long as it is, unless given */
function header(command: number, family: number, block: Buffer, length = block.length): Buffer {
  const told = Buffer.from([command, family, length >> 8, length & 0xff]);
  return Buffer.concat([signature, told, block]);
}

const ports = Buffer.from("d2040443", "hex");
const ipv4 = Buffer.concat([Buffer.from([192, 0, 2, 7, 198, 51, 100, 1]), ports]);
const ipv6 = Buffer.concat([
  Buffer.from("20010db8000000000000000000000007" + "00".repeat(15) + "01", "hex"),
  ports,
]);
const extension = Buffer.from([0x02, 0, 3, 0x61, 0x2e, 0x62]);
const behind = Buffer.from("\x16\x03\x01");

describe("the header of the PROXY protocol", () => {
  const sound = {
    "TCP over IPv4": [header(0x21, 0x11, ipv4), "192.0.2.7"],
    "TCP over IPv6": [header(0x21, 0x21, ipv6), "2001:db8::7"],
    "with extensions, skipped by their lengths": [
      header(0x21, 0x11, Buffer.concat([ipv4, extension, Buffer.from([0x04, 0, 0])])),
      "192.0.2.7",
    ],
    "of a connection whose client the balancer does not know": [header(0x21, 0x00, Buffer.alloc(0)), undefined],
    "of one that it does not know, and says more": [header(0x21, 0x00, Buffer.from("anything")), undefined],
    "of the balancer's own connection": [header(0x20, 0x00, Buffer.alloc(0)), undefined],
    "of the balancer's own, whatever stands there": [header(0x20, 0x11, ipv4), undefined],
    "that is as long as may be": [
      header(0x21, 0x11, Buffer.concat([ipv4, Buffer.from([0xea, (4081 >> 8) & 0xff, 4081 & 0xff]), Buffer.alloc(4081)])),
      "192.0.2.7",
    ],
  } as const; // prettier-ignore

  for (const [name, [octets, address]] of Object.entries(sound)) {
    it(`${name}: is read once it is there to the last octet, and not before`, () => {
      const expected = { length: octets.length, address };
      for (let length = 0; length < octets.length; length += 1)
        assert.equal(readProxyHeader(octets.subarray(0, length)), undefined, `${length} octets`);
      assert.deepEqual(readProxyHeader(octets), expected);
      assert.deepEqual(
        readProxyHeader(Buffer.concat([octets, behind])),
        expected,
        "what follows is the client's",
      );
    });
  }

  it("is none from the first octet on that is another, and nothing is waited for then", () => {
    for (let at = 0; at < signature.length; at += 1) {
      const spoilt = Buffer.from(signature.subarray(0, at + 1));
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      assert.throws(() => readProxyHeader(spoilt), ProxyHeaderError, `octet ${at}`);
    }
  });

  const unsound: Readonly<Record<string, readonly [octets: Buffer, message: RegExp]>> = {
    "TLS at once": [Buffer.from("1603010200", "hex"), /^does not begin with a PROXY header$/],
    "a request at once": [Buffer.from("GET / HTTP/1.1\r\n"), /^does not begin with a PROXY header$/],
    "version 1": [Buffer.from("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n"), /version 1; only version 2 is read/],
    "version 1, of which little has come": [Buffer.from("PROXY "), /version 1/],
    "version 1 in the second octet": [header(0x11, 0x11, ipv4), /0x11, which is not known$/],
    "version 3": [header(0x31, 0x11, ipv4), /0x31/],
    "another command": [header(0x22, 0x11, ipv4), /0x22/],
    "UDP": [header(0x21, 0x12, ipv4), /^is said to be of family 0x12, and not TCP/],
    "a Unix socket": [header(0x21, 0x31, Buffer.alloc(216)), /0x31/],
    "no family over TCP": [header(0x21, 0x01, ipv4), /0x01/],
    "a family that is none": [header(0x21, 0xf1, ipv4), /0xf1/],
    "half an IPv4 address": [header(0x21, 0x11, ipv4.subarray(0, 11)), /end after 11 of 12 octets$/],
    "nothing of an address": [header(0x21, 0x11, Buffer.alloc(0)), /end after 0 of 12/],
    "IPv4 addresses as IPv6": [header(0x21, 0x21, ipv4), /end after 12 of 36/],
    "an extension without its length": [header(0x21, 0x11, Buffer.concat([ipv4, Buffer.from([2, 0])])), /longer than itself$/],
    "an extension that ends too late": [header(0x21, 0x11, Buffer.concat([ipv4, extension.subarray(0, 5)])), /longer than itself$/],
    "a header without end": [header(0x21, 0x11, Buffer.alloc(0), 4_097), /of 4097 octets, more than 4096$/],
    "the longest that can be said": [header(0x21, 0x11, Buffer.alloc(0), 65_535), /65535/],
  }; // prettier-ignore
  for (const [name, [octets, message]] of Object.entries(unsound)) {
    it(`${name}: is no header`, () => {
      assert.throws(
        () => readProxyHeader(octets),
        (error: Error) => error instanceof ProxyHeaderError && message.test(error.message),
      );
    });
  }

  it("is read or refused in full, whatever the octets are", () => {
    let seed = 1;
    const next = () => (seed = (seed * 48_271) % 2_147_483_647);
    for (let round = 0; round < 20_000; round += 1) {
      const octets = Buffer.concat([header(0x21, 0x11, ipv4), extension]);
      for (let changes = 1 + (next() % 3); changes > 0; changes -= 1) octets[12 + (next() % (octets.length - 12))] = next() % 256; // prettier-ignore
      try {
        const read = readProxyHeader(octets.subarray(0, next() % (octets.length + 1)));
        if (read !== undefined) assert.ok(read.length <= octets.length);
      } catch (error) {
        if (!(error instanceof ProxyHeaderError)) throw error;
      }
    }
  });
});
