/** What a TLS client says first, whole: for those who stop in the middle of it. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { connect } from "node:tls";

export async function clientHello(): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1").on("error", () => undefined);
  const [socket] = (await once(server, "connection")) as [Socket];
  const [octets] = (await once(socket, "data")) as [Buffer];
  for (const each of [client, socket]) each.destroy();
  server.close();
  return octets;
}
