import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { Notes } from "./notes.ts";

async function twoSockets(t: TestContext): Promise<[Socket, Socket]> {
  const server = createServer((socket) => socket.resume());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const sockets: [Socket, Socket] = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  return sockets;
}

test("each connection has its own note, of each kind, and the last one counts", async (t) => {
  const [one, other] = await twoSockets(t);
  const [names, numbers] = [new Notes<string>("name"), new Notes<number>("number")];
  assert.equal(names.of(one), undefined);
  names.set(one, "Grace");
  names.set(other, "Cecilia");
  numbers.set(one, 0);
  names.set(one, "Grace Hopper");
  assert.deepEqual([names.of(one), names.of(other)], ["Grace Hopper", "Cecilia"]);
  assert.deepEqual([numbers.of(one), numbers.of(other)], [0, undefined]);
});

test("however often it is noted, a socket is listened to once for each kind", async (t) => {
  const [one] = await twoSockets(t);
  const notes = new Notes<number>("number");
  const before = one.listenerCount("close");
  for (let at = 0; at < 100; at += 1) notes.set(one, at);
  assert.equal(one.listenerCount("close"), before + 1);
});

test("what is known of a connection goes with it, and nothing is noted of one that is closed", async (t) => {
  const [one, other] = await twoSockets(t);
  const notes = new Notes<string>("name");
  notes.set(one, "Grace");
  notes.set(other, "Cecilia");
  one.destroy();
  assert.equal(notes.of(one), "Grace", "there are listeners of its end who may want to know who it was");
  await once(one, "close");
  assert.deepEqual([notes.of(one), notes.of(other)], [undefined, "Cecilia"]);
  notes.set(one, "Mallory");
  assert.equal(notes.of(one), undefined);
});
