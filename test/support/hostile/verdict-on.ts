/** Sends a hostile request and says what is wrong with what became of it, judged by the octets at the backend. */
import { fold } from "../fold.ts";
import { connectRaw, type RawConnection } from "../raw-client.ts";
import type { RecordedRequest } from "../split-requests.ts";
import type { RecordingBackend } from "../recording-backend.ts";
import { graceSubject, type Identity } from "../test-authority.ts";
import type { HostileRequest } from "./hostile-request.ts";

export type Defence = {
  /** The gateway under test. */
  readonly port: number;
  readonly grace: Identity;
  readonly backend: RecordingBackend;
};

/** How long a connection must be quiet before nothing more is expected of it, in milliseconds. */
const quiet = 60;

/** How long the end of a connection is waited for, in milliseconds. */
const patience = 2_000;

/** The header lines whose names begin with an identity family, and how often a sound request has each. */
const soundFamily = new Map([["ssl_client_s_dn", 1], ["ssl_client_i_dn", 1], ["ssl_client_verify", 1], ["ssl_server_s_dn_ou", 1]]); // prettier-ignore

/** Lines that end at the gateway, and the values with which it may write its own. */
const hopByHop = new Set(["connection", "keep_alive", "proxy_connection", "te", "trailer", "upgrade", "expect", "http2_settings"]); // prettier-ignore

const ownHop = new Set(["Upgrade", "websocket", "keep-alive", "close"]);

/** @returns nothing when all is well */
export async function verdictOn(
  { bytes, outcome, requests: most = 1, target, body, statuses, closes = false }: HostileRequest,
  defence: Defence,
): Promise<string | undefined> {
  const { port, grace, backend } = defence;
  backend.forget();
  const method = /^[A-Z]+/.exec(bytes)?.[0] ?? "GET";
  const client = await connectRaw({ port, identity: grace });
  client.send(bytes);
  // An answer that is due anyway is awaited without a quiet time.
  const due = statuses?.length ?? (outcome === "forwarded" ? most : 1);
  if (outcome === "either") await client.settle(quiet);
  else await client.awaitAnswers(due, method).catch(() => undefined);
  if (closes) await client.settle(patience);
  else if (outcome === "refused") await client.settle(quiet / 10);
  const ended = client.ended();
  const answers = client.answers(method);
  const octets = client.received().toString("latin1", 0, 200);
  client.close();
  const honest = await askHonestly(defence);
  if (honest !== undefined) return honest;

  const requests = backend.requests().filter((request) => !isHonest(request));
  for (const { rest, why } of backend.leftovers()) {
    if (rest === "broken") return `octets at the backend that belong to no request: ${why}`;
  }
  if (requests.length > most) return `${requests.length} requests at the backend, ${most} were sent`;
  for (const request of requests) {
    const problem = problemWith(request);
    if (problem !== undefined) return `${problem} in ${request.startLine}`;
    if (target !== undefined && request.target !== target)
      return `the backend was asked for ${request.target}`;
    if (body !== undefined && request.body.toString("latin1") !== body)
      return `the backend was given ${JSON.stringify(request.body.toString("latin1"))}`;
  }
  const [first] = answers;
  if (outcome === "refused") {
    if (requests.length > 0) return `forwarded as ${requests[0]?.startLine ?? ""}`;
    if (first === undefined) return `no answer: ${JSON.stringify(octets)}`;
    if (first.status < 400) return `answered with ${first.status}`;
    if (closes && answers.length > 1) return `answered again, with ${answers[1]?.status ?? ""}`;
  }
  if (closes && !ended) return "the connection goes on";
  const given = answers.map(({ status }) => status).join();
  if (statuses !== undefined && given !== statuses.join()) return `answered with ${given}`;
  if (outcome === "forwarded") {
    if (requests.length < most) return `not forwarded, but answered with ${first?.status ?? "nothing"}`;
    if (answers.length < most) return `no answer: ${JSON.stringify(octets)}`;
  }
  if (first?.status === 500) return "the gateway says that it is broken";
  return undefined;
}

/** Whoever comes next gets an answer of their own: nothing of the hostile request waits on a pooled connection. */
async function askHonestly(defence: Defence): Promise<string | undefined> {
  const { backend } = defence;
  const client = await honestClientOf(defence);
  const before = client.answers().length;
  client.send("GET /flask/honest HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const answer = (await client.awaitAnswers(before + 1).catch(() => [])).at(-1);
  if (answer?.status !== 200) return `the next honest request got ${answer?.status ?? "no answer"}`;
  const reached = backend.requests().filter(isHonest).length;
  return reached === 1 ? undefined : `the next honest request reached the backend ${reached} times`;
}

/** One connection for so many of them: handshakes are most of what a case costs. */
const perConnection = 25;
const honestClients = new WeakMap<Defence, RawConnection>();

async function honestClientOf(defence: Defence): Promise<RawConnection> {
  const held = honestClients.get(defence);
  if (held && !held.ended() && held.answers().length < perConnection) return held;
  held?.close();
  const client = await connectRaw({ port: defence.port, identity: defence.grace });
  honestClients.set(defence, client);
  return client;
}

function isHonest({ target }: RecordedRequest): boolean {
  return target === "/honest";
}

function problemWith({ startLine, lines, trailers }: RecordedRequest): string | undefined {
  const subjects = lines.filter(([name]) => fold(name) === "ssl_client_s_dn");
  if (subjects.length !== 1) return `${subjects.length} subject lines`;
  const [name, value] = subjects[0] ?? ["", ""];
  if (name !== "SSL_CLIENT_S_DN" || value !== graceSubject) return `the subject line ${name}: ${value}`;
  const head = [startLine, ...lines.map((line) => line.join(": "))];
  const mention = head.slice(1).find((line) => /mallory/i.test(line));
  if (mention !== undefined) return `the forged line ${mention}`;
  for (const [line] of lines) {
    const folded = fold(line);
    if (!/^(?:ssl_|x_ssl_|client_cert)/.test(folded)) continue;
    const count = lines.filter(([other]) => fold(other) === folded).length;
    if (soundFamily.get(folded) !== count) return `${count} lines of ${line}`;
  }
  const hop = lines.find(([line, value]) => hopByHop.has(fold(line)) && !ownHop.has(value));
  if (hop !== undefined) return `the line ${hop.join(": ")}, which is for this hop alone`;
  if (trailers.length > 0) return `the trailer ${trailers[0] ?? ""}`;
  return undefined;
}
