/** A wire between a TLS client and a server that changes what the client sends, record by record. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import type { Scope } from "./scope.ts";

/**
 * @param change edits a record in place: its type, version and length (5 octets), then what it holds
 * @returns the port to connect to instead
 */
export async function tamperingWire(
  scope: Scope,
  port: number,
  change: (record: Buffer) => void,
): Promise<number> {
  const wire = createServer((client) => {
    const server = connect(port, "127.0.0.1").on("error", () => client.destroy());
    server.pipe(client).on("error", () => server.destroy());
    client.on("close", () => server.destroy());
    let pending = Buffer.alloc(0);
    client.on("data", (part: Buffer) => {
      pending = Buffer.concat([pending, part]);
      while (pending.length >= 5 && pending.length >= 5 + pending.readUInt16BE(3)) {
        const record = Buffer.from(pending.subarray(0, 5 + pending.readUInt16BE(3)));
        pending = pending.subarray(record.length);
        change(record);
        server.write(record);
      }
    });
  });
  await once(wire.listen(0, "127.0.0.1"), "listening");
  scope.after(() => wire.close());
  return (wire.address() as AddressInfo).port;
}
