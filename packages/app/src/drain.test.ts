import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { it } from "node:test";
import { drain } from "./drain.ts";
import { readAll } from "./testing/read-all.ts";
import { serve } from "./testing/serve.ts";

it("a request in flight is finished, its kept-alive connection then closed, and no new one taken", async (context) => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => {
    arrived.resolve(response);
  });
  const target = await serve(context, server);
  const socket = connect(target);
  socket.setTimeout(5000, () => socket.destroy(new Error("not closed within 5 s")));
  socket.write("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
  const response = await arrived.promise;

  const done = new Promise<void>((resolve) => {
    drain(server, resolve);
  });
  const late = connect(target);
  const [refused] = (await once(late, "error")) as [NodeJS.ErrnoException];
  assert.equal(refused.code, "ECONNREFUSED");

  response.end("whole");
  const text = await readAll(socket);
  assert.match(text, /whole$/);
  await done;
});
