/**
 * The backend, a process of its own: one constant answer to every request, or the request's own head to `/echo`, by which
 * the policy check sees what a server passed on. It reads no bodies. Told the answer's size in argv, tells its port.
 */
import { createServer } from "node:net";
import { echoPath } from "./policy-check.ts";

const headEnd = Buffer.from("\r\n\r\n");
const constant = answer(Buffer.alloc(Number(process.argv[2]), "x"));
const echoLine = Buffer.from(`GET ${echoPath}`);

function answer(body: Buffer): Buffer {
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer | undefined;
  socket.on("data", (chunk) => {
    const request = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
    const whole = request.subarray(-4).equals(headEnd);
    pending = whole ? undefined : request;
    if (!whole) return;
    const echo = request.subarray(0, echoLine.length).equals(echoLine);
    socket.write(echo ? answer(request) : constant);
  });
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : undefined);
});
process.on("disconnect", () => process.exit(0));
