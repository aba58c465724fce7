/** Stands where the app stands, in its container, and writes down every octet that it is sent. It believes none of them. */
import { createServer } from "node:net";

const answer = (body: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  let head = "";
  socket.on("data", (chunk) => {
    head += chunk.toString("latin1");
    for (let end = head.indexOf("\r\n\r\n"); end >= 0; end = head.indexOf("\r\n\r\n")) {
      const request = head.slice(0, end + 4);
      head = head.slice(end + 4);
      // What the container's own health check asks is no part of the record.
      if (!request.startsWith("GET /health ")) process.stdout.write(`${JSON.stringify({ request })}\n`);
      const slow = request.startsWith("GET /slow ");
      setTimeout(() => socket.write(answer(slow ? "slow\n" : "ok\n")), slow ? 4_000 : 0);
    }
  });
}).listen(5000, "0.0.0.0");

process.on("SIGTERM", () => process.exit(0));
