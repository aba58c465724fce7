/** Everything that one person can have open at a gateway in front of a lively backend, and what becomes of it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { SecureVersion } from "node:tls";
import { WebSocket } from "ws";
import type { LivelyBackend } from "./lively-backend.ts";
import { connectRaw, type RawConnection } from "./raw-client.ts";
import type { Scope } from "./scope.ts";
import type { Identity } from "./test-authority.ts";
import { waitUntil } from "./wait-until.ts";
import { webSocketHandshake } from "./web-socket-octets.ts";

export type HeldOpen = {
  /** All of it moves, and requests on connections that were open before are answered. */
  readonly goesOn: () => Promise<void>;
  /**
   * All of it is cut, on both sides, and whatever is asked from now on is refused with this code.
   * @param since when the reason for it came, by performance.now()
   */
  readonly isCut: (code: string, since: number, resumption?: "forgotten" | "kept") => Promise<void>;
};

/** "Within a second" is the promise; a machine that runs many tests at once is given more. */
const withinASecond = 2_500;
const get = "GET /flask/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
const versions: readonly SecureVersion[] = ["TLSv1.2", "TLSv1.3"];
const streams = {
  "/events": "GET /flask/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "/download": "GET /flask/download HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "/upload": "POST /flask/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
  "/raw": webSocketHandshake("/flask/raw"),
};

/** @param subject as the backend is told it */
export async function holdOpen(
  scope: Scope,
  backend: LivelyBackend,
  port: number,
  subject: string,
  identity: Identity,
): Promise<HeldOpen> {
  const connect = async (version: SecureVersion, session?: Buffer) => {
    const connection = await connectRaw({ port, identity, version, session });
    scope.after(connection.close);
    return connection;
  };
  const begin = async ([path, octets]: readonly [string, string], at: number) => {
    const connection = await connect(versions[at % 2] ?? "TLSv1.3");
    connection.send(octets);
    return { path, connection };
  };
  const begun = await Promise.all(Object.entries(streams).map(begin));
  const webSocket = new WebSocket(`wss://localhost:${port}/flask/ws`, {
    ...identity,
    rejectUnauthorized: false,
  });
  let messages = 0;
  let webSocketEnd: number | undefined;
  webSocket.on("message", () => (messages += 1)).on("close", (code) => (webSocketEnd = code));
  webSocket.on("error", () => undefined);
  scope.after(() => {
    webSocket.terminate();
  });
  await once(webSocket, "open");
  const upload = begun.find(({ path }) => path === "/upload")?.connection;
  const uploading = setInterval(() => upload?.send("octets"), 50);
  scope.after(() => {
    clearInterval(uploading);
  });
  const idle = await Promise.all(versions.map((version) => connect(version)));
  let sessions: readonly (Buffer | undefined)[] = [];
  const asked = new Map<RawConnection, number>();
  const request = async (connection: RawConnection) => {
    const count = (asked.get(connection) ?? 0) + 1;
    asked.set(connection, count);
    connection.send(get);
    const answer = (await connection.awaitAnswers(count)).at(-1);
    assert.ok(answer);
    return answer;
  };
  const newSession = async (version: SecureVersion) => {
    const connection = await connect(version);
    await request(connection);
    connection.close();
    return connection.session();
  };

  /** How far each of them has come. */
  const progress = () => [
    ...begun.map(({ path, connection }) =>
      path === "/upload" ? backend.uploadedBy(subject) : connection.received().length,
    ),
    messages,
  ];
  const goesOn = async () => {
    const before = progress();
    await waitUntil(
      () => progress().every((now, at) => now > (before[at] ?? 0)),
      () => `${subject}: not all of it goes on: ${before.join(" ")} -> ${progress().join(" ")}`,
    );
    for (const connection of idle) assert.equal((await request(connection)).status, 200, subject);
    assert.equal(backend.openFor(subject).length, begun.length + 1);
    sessions = await Promise.all(versions.map(newSession));
  };
  /** @returns whether the connection may be used again: who is not believed any more has to come anew */
  const isRefused = async (connection: RawConnection, code: string) => {
    const { text, header } = await request(connection);
    assert.match(text, new RegExp(`"code": "${code}"`));
    return header("Connection") !== "close";
  };
  /** Asks until it does not help any more. An exchange may be under way at that moment: then it is cut. */
  const isLetIn = async (connection: RawConnection) => {
    try {
      return (await request(connection)).status === 200;
    } catch (error) {
      if (connection.ended()) return false;
      throw error;
    }
  };
  await goesOn();
  const polled = await connect("TLSv1.3");
  return {
    goesOn,
    async isCut(code, since, resumption = "forgotten") {
      const left = () => since + withinASecond - performance.now();
      await waitUntil(
        async () => !(await isLetIn(polled)),
        () => `${subject} is still let in`,
        left(),
      );
      const lasting: RawConnection[] = [];
      for (const connection of idle) if (await isRefused(connection, code)) lasting.push(connection);
      const open = () => [
        ...begun.filter(({ connection }) => !connection.ended()).map(({ path }) => `client's ${path}`),
        ...(webSocketEnd === undefined ? ["client's /ws"] : []),
        ...backend.openFor(subject).map((path) => `backend's ${path}`),
      ];
      await waitUntil(
        () => open().length === 0,
        () => `${subject} still has open: ${open().join(", ")}`,
        left(),
      );
      const arrived = backend.requestsOf(subject);
      const events = begun.find(({ path }) => path === "/events")?.connection.received();
      assert.ok(!events?.toString("latin1").endsWith("0\r\n\r\n"), "cut, and passed off as whole");
      assert.equal(webSocketEnd, 1006, "nobody has closed the WebSocket in good order");
      for (const [at, version] of versions.entries()) {
        const again = await connect(version, sessions[at]);
        await isRefused(again, code);
        assert.equal(again.resumed, resumption === "kept", `${version}: whether the session is resumed`);
      }
      for (const connection of lasting) await isRefused(connection, code);
      assert.equal(backend.requestsOf(subject), arrived, "something has arrived all the same");
    },
  };
}
