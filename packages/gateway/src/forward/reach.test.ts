import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, Socket, type AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { reachAny, type Door } from "./reach.ts";

/** @returns the port, and how many have connected to it */
async function target(context: TestContext) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.resume().on("error", () => undefined);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => new Promise((resolve) => server.close(resolve));
  context.after(close);
  return { port: (server.address() as AddressInfo).port, connections: () => connections, close };
}

const door = (port: number, name = `http://127.0.0.1:${port}`, isIn = true): Door => ({
  ...{ name, isIn },
  dial: (onread) => ({ socket: connect({ host: "127.0.0.1", port, onread }), ready: "connect" }),
});

describe("reaching a target before there is a request", () => {
  it("is done when one of them is there", async (context) => {
    const [here, gone] = [await target(context), await target(context)];
    await gone.close();
    assert.deepEqual(await reachAny([door(gone.port), door(here.port)]), []);
  });

  it("says of each why it is not", async (context) => {
    const [out, gone] = [await target(context), await target(context)];
    await gone.close();
    assert.deepEqual(await reachAny([door(gone.port, "http://a"), door(out.port, "http://b", false)]), [
      "http://a cannot be reached (ECONNREFUSED).",
      "http://b is out; the log says why.",
    ]);
    assert.equal(out.connections(), 0, "one that is out is left alone");
  });

  it("waits a second for one that says nothing", async () => {
    const silent: Door = {
      ...{ name: "http://silent", isIn: true },
      dial: () => ({ socket: new Socket(), ready: "connect" }), // it never is
    };
    assert.deepEqual(await reachAny([silent]), ["http://silent cannot be reached within 1000 ms."]);
  });

  it("asks one target once, whichever routes lead there, and nobody where there is none", async (context) => {
    const here = await target(context);
    assert.deepEqual(await reachAny([door(here.port), door(here.port)]), []);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(here.connections(), 1);
    assert.deepEqual(await reachAny([]), []);
  });
});
