/**
 * Two gateways, one of them with the fast path: whatever the same clients send to both, the backend is told the same, the clients are
 * told the same octets, and the same is written down.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { chunks } from "../support/hostile/chunks.ts";
import { forgedNames } from "../support/hostile/forged-names.ts";
import { framing } from "../support/hostile/framing.ts";
import { hopByHop } from "../support/hostile/hop-by-hop.ts";
import { malformedLines } from "../support/hostile/malformed-lines.ts";
import { pipelines } from "../support/hostile/pipelines.ts";
import { targets } from "../support/hostile/targets.ts";
import { connectRaw } from "../support/raw-client.ts";
import { startPulse, type Pulse } from "../support/pulse.ts";
import { okAnswer, recordingBackend, type RecordingBackend } from "../support/recording-backend.ts";
import { gatewayConfig, startGateway, type RunningGateway } from "../support/running-gateway.ts";
import { createTestAuthority, type Identity } from "../support/test-authority.ts";
import { waitUntil } from "../support/wait-until.ts";

const html = "<a href=/x>x</a>";
const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
const chunked = `${head("Transfer-Encoding: chunked", "Trailer: X-Sum, X-Other")}5\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 6\r\nX-Other: no\r\n\r\n`;
const large = "0123456789abcdef".repeat(8_000);

/** What the backend answers, by the last part of the target. */
const answers: Readonly<Record<string, string | ((socket: Socket) => void)>> = {
  "small": head("Content-Length: 5", "Set-Cookie: a=b; Path=/", "X-Odd: \xe4", "Location: /y") + "hello",
  "none": head("Content-Length: 0"),
  chunked,
  "no-content": "HTTP/1.1 204 No Content\r\n\r\n",
  "not-modified": 'HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: "x"\r\n\r\n',
  "reason": "HTTP/1.1 418 I'm a teapot\r\ncontent-length: 2\r\ndate: Mon, 30 Nov 2026 12:00:00 GMT\r\n\r\n:)",
  "no-reason": "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n:)",
  "hint": `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${head("Content-Length: 5")}hello`,
  "large": head(`Content-Length: ${large.length}`) + large,
  "middling": head("Content-Length: 8000") + large.slice(0, 8_000),
  "large-chunked": `${head("Transfer-Encoding: chunked")}${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`,
  "html": head(`Content-Length: ${html.length}`, "Content-Type: text/html") + html,
  "html-chunked": `${head("Transfer-Encoding: chunked", "Content-Type: text/html")}10\r\n${html}\r\n0\r\n\r\n`,
  "slow"(socket) {
    socket.write(head("Content-Length: 10"));
    setTimeout(() => socket.write("hello"), 5);
    setTimeout(() => socket.write("hello"), 10);
  },
  "late": (socket) => setTimeout(() => socket.write(`${head("Content-Length: 4")}late`), 100),
  "until-close": (socket) => socket.end(`${head("Connection: close")}hello`),
  "cut": (socket) => socket.end(`${head("Content-Length: 10")}hello`),
  "gone": (socket) => socket.destroy(),
  "unsound": head("Content-Length: 1", "Content-Length: 2"),
}; // prettier-ignore

const withoutBody = (answer: string) => answer.slice(0, answer.search(/(?<=\r\n\r\n)(?!HTTP)/));

type Script = {
  readonly name: string;
  readonly sends: readonly string[];
  /** Sends one after the other, and does not wait for answers in between. */
  readonly inHaste?: boolean;
  readonly as?: "grace" | "nobody" | "mallory";
  /** The one of them behind which nobody knows what is answered. */
  readonly hostile?: string;
};

const ask = (path: string, method = "GET", ...lines: string[]) =>
  `${method} ${path} HTTP/1.1\r\n${["Host: localhost", ...lines].map((line) => `${line}\r\n`).join("")}\r\n`;
const plain = ask("/flask/small");
const hasty = ask("/flask/hasty/small");
const close = ask("/flask/small", "GET", "Connection: close");
const upgrade = ask("/flask/small", "GET", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: c2FsbHlwb3J0IGlzIG9wZW4="); // prettier-ignore

const scripts: readonly Script[] = [
  ...Object.entries(answers).flatMap(([name, answer]) =>
    ["GET", "DELETE", ...(typeof answer === "string" ? ["HEAD"] : [])].flatMap((method) => [
      { name: `${method} ${name}`, sends: [plain, ask(`/flask/${name}`, method), plain] },
      { name: `${method} ${name}, the last`, sends: [ask(`/page/${name}`, method, "Connection: close", "TE: trailers")] },
    ]),
  ),
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "CONNECT"].map((method) => ({
    name: `${method} without a body`,
    sends: [ask("/flask/small", method), plain],
  })),
  { name: "a body behind a request without one", sends: [plain, ask("/flask/small", "POST", "Content-Length: 5") + "hello", plain, plain] },
  { name: "a body that is awaited", sends: [plain, ask("/flask/small", "POST", "Content-Length: 5", "Expect: 100-continue"), "hello", plain] },
  { name: "three at once", sends: [plain + plain + plain, plain] },
  { name: "one and a half, and the rest", sends: [plain + plain.slice(0, 20), plain.slice(20), plain] },
  { name: "one in two parts", sends: [plain.slice(0, 30), plain.slice(30), plain] },
  { name: "one that waits for another", sends: [ask("/flask/slow") + plain, plain] },
  { name: "others before the first is answered", inHaste: true, sends: [ask("/flask/hasty/late"), hasty, ask("/flask/hasty/none")] },
  { name: "one before the last is answered", inHaste: true, sends: [ask("/flask/hasty/late", "GET", "Connection: close"), hasty] },
  { name: "a body before the first is answered", inHaste: true, sends: [ask("/flask/hasty/late"), ask("/flask/hasty/small", "POST", "Content-Length: 5") + "hello", hasty] },
  { name: "garbage before the first is answered", inHaste: true, sends: [ask("/flask/hasty/late"), "garbage\r\n\r\n", hasty] },
  { name: "one behind the last", sends: [close + plain] },
  { name: "one behind the last, later", sends: [close, plain] },
  { name: "empty lines in front", sends: [`\r\n\r\n${plain}`, `\r\n${plain}`] },
  { name: "garbage behind", sends: [`${plain}\x16\x03\x01`, plain] },
  { name: "garbage later", sends: [plain, "\x16\x03\x01\0\r\n\r\n"] },
  { name: "garbage behind a slow one", sends: [`${ask("/flask/slow")}garbage\r\n\r\n`] },
  { name: "a handshake of a WebSocket, later", sends: [plain, upgrade, "\x81\x00"] },
  { name: "HTTP/1.0", sends: [plain, plain.replace("1.1", "1.0")] },
  { name: "no host, and two", sends: [plain, "GET /flask/small HTTP/1.1\r\nAccept: */*\r\n\r\n", plain, ask("/flask/small", "GET", "Host: localhost"), plain] },
  { name: "a head that is too large", sends: [plain, ask("/flask/small", "GET", `X-A: ${"a".repeat(16_400)}`)] },
  { name: "a head as large as may be", sends: [ask("/flask/small", "GET", `X-A: ${"a".repeat(16_200)}`), plain] },
  { name: "too many lines", sends: [ask("/flask/small", "GET", ...Array.from({ length: 101 }, (_, at) => `X-${at}: a`)), plain] },
  { name: "values of all kinds", sends: [ask("/flask/small", "GET", "X-A:", "X-B: \t ", "X-C:\ta \xa0\t", "X-D: \xc3\xa4", "Connection: keep-alive"), plain] },
  { name: "what is not there", sends: [ask("/nowhere"), ask("/"), ask("/flask?a=b"), ask("/flask/../x"), ask("//flask/"), plain] },
  { name: "what a page may ask", sends: [ask("/page/small", "OPTIONS", "Origin: https://app.example", "Access-Control-Request-Method: PUT"), ask("/page/small", "GET", "Origin: https://app.example"), plain] },
  { name: "a page of ours, and other types", sends: ["text/html", "text/plain", "application/json"].map((type) => ask("/flask/gone", "GET", `Accept: ${type}`)) },
  ...(["nobody", "mallory"] as const).map((as) => ({ name: as, as, sends: [plain, ask("/", "GET", "Accept: text/html"), ask("/flask/", "HEAD")] })),
  ...[chunks, forgedNames, framing, hopByHop, malformedLines, pipelines, targets].flat().flatMap(({ name, bytes }) => [
    { name, hostile: bytes, sends: [bytes] },
    { name: `${name}, later`, hostile: bytes, sends: [plain, bytes, plain] },
  ]),
]; // prettier-ignore

/** A connection is quiet when nothing has come while the pulse has beaten so often. */
const quiet = 3;
/** How long an answer may take that is bound to come, in milliseconds. */
const patience = 30_000;
const side = 32;

type Side = { readonly backend: RecordingBackend; readonly gateway: RunningGateway; readonly pulse: Pulse };

/** Without what differs from one run to the next: the time, incidents, and where a body is cut into chunks. */
function comparable(octets: string): string {
  const same = octets
    .replace(/^Date: .*$/gm, "Date: now")
    .replace(/\b[0-9A-HJKMNP-TV-Z]{8}\b/g, "INCIDENT")
    .replace(/\r\n[0-9a-f]+\r\n/g, "");
  return same.length < 4_000 ? same : createHash("sha256").update(same).digest("hex");
}

test("the fast path changes nothing but what it costs", { timeout: 170_000 }, async (t) => {
  const authority = await createTestAuthority(t);
  const { grace } = authority;
  const stranger = await createTestAuthority(t);
  const identities: Record<string, Identity | undefined> = { grace, mallory: stranger.grace };
  const start = async (fastPath: boolean): Promise<Side> => {
    const backend = await recordingBackend(t, ({ method, target }, socket) => {
      const answer = answers[target.split("/").at(-1) ?? ""] ?? okAnswer;
      if (typeof answer === "string") return method === "HEAD" ? withoutBody(answer) : answer;
      answer(socket);
      return undefined;
    });
    const config = gatewayConfig(authority, backend.port, { listen: { fastPath } });
    const trailers = { request: [], response: ["X-Sum"] };
    const cors = { origins: ["https://app.example"] };
    const upstream = `http://127.0.0.1:${backend.port}/`;
    const routes = [
      { prefix: "/flask/", upstream, trailers },
      { prefix: "/page/", upstream, trailers, rewriteHtml: true, cors },
    ];
    const gateway = await startGateway(t, { ...config, routes });
    return { backend, gateway, pulse: startPulse(t, gateway.port, "/flask/pulse", grace) };
  };
  const sides = [await start(false), await start(true)] as const;

  const begin = async (
    { gateway, pulse }: Side,
    { sends, inHaste = false, hostile, as = "grace" }: Script,
  ) => {
    const client = await connectRaw({ port: gateway.port, identity: identities[as] });
    const { received, ended } = client;
    const settle = async () => {
      for (let before = -1; before < received().length && !ended();) {
        before = received().length;
        await pulse.beats(quiet);
      }
    };
    let isKnown = true;
    for (const octets of sends) {
      isKnown &&= octets !== hostile;
      const before = received().length;
      client.send(octets);
      const isAnswered = () => received().length > before || ended();
      if (inHaste) {
        await sleep(10);
        continue;
      }
      // Half of a request has no answer.
      if (isKnown && octets.includes("\r\n\r\n"))
        await waitUntil(isAnswered, () => `no answer to ${octets}`, patience);
      await settle();
    }
    if (inHaste) {
      const areAnswered = () => client.answers().length === sends.length || ended();
      await waitUntil(areAnswered, () => `no answers to ${sends.join("")}`, patience);
      await settle();
    }
    return client;
  };
  const compare = async (script: Script) => {
    const clients = await Promise.all(sides.map((side) => begin(side, script)));
    const [asEver, asFast] = clients.map((client) => ({ told: comparable(client.received().toString("latin1")), ended: client.ended() })); // prettier-ignore
    assert.deepEqual(asFast, asEver, script.name);
    for (const client of clients) client.close();
  };
  const left = scripts.values();
  const work = async () => {
    for (const script of left) await compare(script);
  };
  await Promise.all(Array.from({ length: side }, work));

  // How often it is asked that closes its connections, chance decides: one that had been used before may have been closed already. And
  // of requests in haste, Node passes on the next before the first is answered, also where that turns out to be the last.
  const isSettled = (path: string) =>
    !path.endsWith("/gone") && !path.includes("/hasty/") && !path.endsWith("/pulse");
  const asked = ({ backend }: Side) =>
    backend
      .requests()
      .filter(({ target }) => isSettled(target))
      .map(({ startLine, lines, trailers, body }) =>
        JSON.stringify([startLine, lines, trailers, body.toString("latin1")]),
      );
  const written = ({ gateway }: Side) =>
    gateway.log
      .filter(({ path, msg }) => (typeof path === "string" ? isSettled(path) : msg === "no request"))
      .map(({ msg, method, path, status, subject, verify, route, bytes, code, detail }) =>
        JSON.stringify([msg, method, path, status, subject, verify, route, bytes, code, detail]),
      );
  const differences = (list: (side: Side) => readonly string[]) => {
    const balance = new Map<string, number>();
    for (const line of list(sides[0])) balance.set(line, (balance.get(line) ?? 0) - 1);
    for (const line of list(sides[1])) balance.set(line, (balance.get(line) ?? 0) + 1);
    return [...balance].filter(([, count]) => count !== 0);
  };
  assert.ok(asked(sides[0]).length > 200);
  assert.deepEqual(differences(asked), []);
  // The clients have just gone, and that is written down too.
  await waitUntil(() => differences(written).length === 0, () => inspect(differences(written)), patience); // prettier-ignore
  for (const { gateway } of sides) assert.equal(gateway.stderr(), "");
});
