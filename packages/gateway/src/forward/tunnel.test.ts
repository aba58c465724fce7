import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { joinSockets } from "./tunnel.ts";

/** Two ends of a real connection. */
async function pair(context: TestContext): Promise<[near: Socket, far: Socket]> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const near = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [far] = (await once(server, "connection")) as [Socket];
  server.close();
  for (const socket of [near, far]) {
    socket.on("error", () => undefined);
    context.after(() => socket.destroy());
  }
  return [near, far];
}

type Tunnel = { browser: Socket; client: Socket; application: Socket; closed: Promise<number> };

async function tunnel(context: TestContext): Promise<Tunnel> {
  const [browser, client] = await pair(context);
  const [upstream, application] = await pair(context);
  let calls = 0;
  const closed = new Promise<number>((resolve) => {
    const read = (sink: (piece: Buffer) => boolean) => {
      upstream.on("data", (piece) => sink(piece) || upstream.pause());
    };
    joinSockets(client, { socket: upstream, read }, (bytes) => {
      calls += 1;
      assert.equal(calls, 1);
      resolve(bytes);
    });
  });
  return { browser, client, application, closed };
}

async function received(socket: Socket): Promise<string> {
  const [octets] = (await once(socket, "data")) as [Buffer];
  return octets.toString();
}

describe("a tunnel", { timeout: 5_000 }, () => {
  it("carries octets both ways, and counts what the upstream sent", async (context) => {
    const { browser, application, closed } = await tunnel(context);
    browser.write("ping");
    assert.equal(await received(application), "ping");
    application.write("pong!");
    assert.equal(await received(browser), "pong!");
    browser.destroy();
    assert.equal(await closed, 5);
  });

  for (const end of ["browser", "application"] as const) {
    for (const way of ["destroy", "resetAndDestroy"] as const) {
      it(`closes both sides when the ${end} leaves (${way})`, async (context) => {
        const { browser, application, closed } = await tunnel(context);
        const other = end === "browser" ? application : browser;
        other.resume();
        const gone = once(other, "close");
        (end === "browser" ? browser : application)[way]();
        await Promise.all([gone, closed]);
      });
    }
  }

  it("ends when the client is cut off, though both sides would go on", async (context) => {
    const { browser, client, application, closed } = await tunnel(context);
    browser.resume();
    application.resume();
    client.destroy();
    await Promise.all([once(browser, "close"), once(application, "close"), closed]);
  });
});
