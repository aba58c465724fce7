/** What a balancer writes in front of a connection that it passes on: the PROXY protocol, version 2. */

const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

/** @param family 0x11 and such; @param length as it is told, which is the block's own unless given */
export function proxyHeader(command: number, family: number, block: Buffer, length = block.length): Buffer {
  return Buffer.concat([signature, Buffer.from([command, family, length >> 8, length & 0xff]), block]);
}

/** @param address the client's, IPv4 in dots or IPv6 with all of its eight groups */
export function proxied(address: string): Buffer {
  const source = address.includes(":")
    ? Buffer.concat(address.split(":").map((group) => Buffer.from(group.padStart(4, "0"), "hex")))
    : Buffer.from(address.split(".").map(Number));
  const block = Buffer.concat([source, source, Buffer.from([0x30, 0x39, 0x20, 0xfb])]);
  return proxyHeader(0x21, source.length === 4 ? 0x11 : 0x21, block);
}

/** Of a connection that is the balancer's own. */
export const local = proxyHeader(0x20, 0x00, Buffer.alloc(0));
