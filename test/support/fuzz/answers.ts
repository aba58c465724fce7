/** Mutated answers of an upstream, and what the client's octets say of each. */
import { connectRaw } from "../raw-client.ts";
import { okAnswer, recordingBackend } from "../recording-backend.ts";
import { gatewayConfig, startGateway } from "../running-gateway.ts";
import type { Scope } from "../scope.ts";
import { splitAnswers, type SplitAnswers } from "../split-answers.ts";
import { createTestAuthority } from "../test-authority.ts";
import { changed } from "./mutate.ts";
import { randomOf } from "./random.ts";

export type AnswerFindings = {
  readonly sent: number;
  /** Those of which the client got something, and those of which it was told that they are none. */
  readonly passed: number;
  readonly refused: number;
  readonly problems: readonly string[];
};

/** Exchanges at the same time. */
const side = 24;

const answers: readonly ((content: string) => string)[] = [
  (content) => `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
  (content) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`,
  (content) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n1;a=b\r\n${content.charAt(0)}\r\n${(content.length - 1).toString(16)}\r\n${content.slice(1)}\r\n0\r\nX-Sum: 1\r\n\r\n`,
  (content) => `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: ${content.length}\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\r\n${content}`,
  (content) => `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=9\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
  (content) => `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${content}`,
  () => "HTTP/1.1 204 No Content\r\nProxy-Connection: keep-alive\r\nUpgrade: h2c\r\n\r\n",
  () => 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 9\r\n\r\n',
]; // prettier-ignore

/** How long the upstream leaves its connection open behind an answer, in milliseconds. */
const open = 40;

export async function fuzzAnswers(
  scope: Scope,
  { seed, milliseconds }: { readonly seed: number; readonly milliseconds: number },
): Promise<AnswerFindings> {
  const authority = await createTestAuthority(scope);
  const random = randomOf(seed);
  let octetsOf: ReadonlyMap<string, string> = new Map();
  const backend = await recordingBackend(scope, ({ target }, socket) => {
    const octets = octetsOf.get(target);
    if (octets === undefined) return okAnswer;
    setTimeout(() => socket.end(), open);
    return octets;
  });
  const config = gatewayConfig(authority, backend.port);
  const gateway = await startGateway(scope, { ...config, log: { access: false } });
  const findings = { sent: 0, passed: 0, refused: 0, problems: [] as string[] };
  const end = performance.now() + milliseconds;

  /** One request that gets a mutated answer, and behind it, if the connection goes on, one that gets a sound one. */
  const exchange = async (path: string, method: string, strangers: readonly string[]) => {
    const client = await connectRaw({ port: gateway.port, identity: authority.grace });
    client.send(`${method} /flask${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const [first] = await client.awaitAnswers(1, method).catch(() => []);
    if (first === undefined && !client.ended()) return "the client waits for ever";
    if (!client.ended()) client.send("GET /flask/honest HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await client.awaitAnswers(2, method).catch(() => undefined);
    client.close();
    findings.sent += 1;
    if (first === undefined || first.status === 502 || first.status === 504) findings.refused += 1;
    else findings.passed += 1;
    const octets = client.received();
    const problem =
      problemWith(splitAnswers(octets, [method], true), client.ended()) ??
      (strangers.some((content) => octets.includes(content)) ? "somebody else's content" : undefined);
    return problem && `${problem} in ${JSON.stringify(octets.toString("latin1"))}`;
  };

  for (let round = 0; performance.now() < end && findings.problems.length === 0; round += 1) {
    const contents = Array.from({ length: side }, (_, index) => `content ${round}.${index}.`);
    const sent = contents.map((content) => changed(random.pick(answers)(content), random));
    octetsOf = new Map(sent.map((octets, index) => [`/${index}`, octets]));
    const methods = contents.map(() => random.pick(["GET", "GET", "POST", "HEAD"]));
    const problems = await Promise.all(
      contents.map(async (content, index) => {
        const strangers = contents.filter((other) => other !== content);
        const problem = await exchange(`/${index}`, methods[index] ?? "GET", strangers);
        return problem && `${problem}, of ${JSON.stringify(sent[index])}`;
      }),
    );
    const bug = gateway.log.find(({ level }) => level === "error");
    const found = [...problems, bug && JSON.stringify(bug), gateway.stderr()].filter((each) => each);
    findings.problems.push(...found.map((each) => `seed ${seed}, round ${round}: ${each ?? ""}`));
  }
  return findings;
}

/** Whole names: one that a mutation has made another is an application's. */
const hopByHop =
  /^(?:proxy-connection|te|trailer|upgrade|keep-alive|connection(?!: (?:keep-alive|close)$)): /i;

function problemWith({ answers, rest, why }: SplitAnswers, ended: boolean): string | undefined {
  if (rest === "broken") return `octets that are no answer: ${why}`;
  if (rest === "incomplete" && !ended) return `an answer without an end: ${why}`;
  const finals = answers.filter(({ status }) => status >= 200);
  if (finals.length > 2) return `${finals.length} answers to 2 requests`;
  const honest = finals[1];
  if (honest && (honest.status !== 200 || honest.text !== "ok\n")) return "an honest request has no answer of its own";
  for (const { lines } of answers) {
    const hop = lines.map((line) => line.join(": ")).find((line) => hopByHop.test(line));
    if (hop !== undefined) return `the line ${hop}`;
  }
  return undefined;
} // prettier-ignore
