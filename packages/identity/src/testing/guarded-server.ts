/** A real HTTP server behind Passport, asked with hand-written bytes: no client library tidies a header up on its way. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import passport, { type AuthenticateOptions, type Strategy } from "passport";

/** What came of one request: the status, and `request.user` or the error that Passport handed on. */
export type Outcome = { readonly status: number; readonly head: string; readonly body: unknown };

/** @returns sends one GET with these lines, each character one octet */
export async function guardedServer(
  context: TestContext,
  strategy: Strategy,
  options: AuthenticateOptions = { session: false },
): Promise<(...lines: string[]) => Promise<Outcome>> {
  const authenticator = new passport.Passport();
  authenticator.use(strategy);
  const authenticate = authenticator.authenticate(strategy.name ?? "", options) as (...of: unknown[]) => void;
  const server = createServer((request: IncomingMessage & { user?: unknown }, response) => {
    authenticate(request, response, (error?: unknown) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(JSON.stringify(error instanceof Error ? error.message : request.user));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return async (...lines) => {
    const socket = connect(port, "127.0.0.1");
    socket.setTimeout(5000, () => socket.destroy(new Error("no answer within 5 s")));
    socket.write(
      `${["GET / HTTP/1.1", "Host: app.test", "Connection: close", ...lines].join("\r\n")}\r\n\r\n`,
      "latin1",
    );
    const answer = await text(socket);
    const end = answer.indexOf("\r\n\r\n");
    const body = answer.slice(end + 4);
    return {
      status: Number(answer.split(" ")[1]),
      head: answer.slice(0, end),
      body: body.startsWith("{") || body.startsWith('"') ? (JSON.parse(body) as unknown) : body,
    };
  };
}
