/** Mutated requests, thousands of them, and what the octets at the backend say of each. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fold } from "../fold.ts";
import { connectRaw } from "../raw-client.ts";
import { recordingBackend, type RecordingBackend } from "../recording-backend.ts";
import { gatewayConfig, startGateway } from "../running-gateway.ts";
import type { Scope } from "../scope.ts";
import type { RecordedRequest } from "../split-requests.ts";
import { createTestAuthority, graceSubject } from "../test-authority.ts";
import { mutated } from "./mutate.ts";
import { randomOf } from "./random.ts";

export type Findings = {
  readonly sent: number;
  /** Requests that reached the backend. */
  readonly arrived: number;
  readonly refused: number;
  readonly problems: readonly string[];
};

type Options = {
  /** The same seed sends the same octets. */
  readonly seed: number;
  readonly fastPath: boolean;
  readonly milliseconds: number;
  /** Told from time to time. */
  readonly progress?: (findings: Findings) => void;
};

/** Connections at the same time, and what each of them sends. */
const side = 24;
const perConnection = 4;
/** How long a connection must be quiet before the next is sent, in milliseconds. */
const quiet = 20;

export async function fuzz(
  scope: Scope,
  { seed, fastPath, milliseconds, progress }: Options,
): Promise<Findings> {
  const authority = await createTestAuthority(scope);
  const secret = randomBytes(32).toString("hex");
  const file = join(authority.folder, "backend.secret");
  await writeFile(file, secret);
  const backend = await recordingBackend(scope);
  const config = gatewayConfig(authority, backend.port, {
    backendSecret: { file },
    listen: { fastPath },
    route: { timeouts: { firstByte: "1s" } },
  });
  const gateway = await startGateway(scope, { ...config, log: { access: false } });
  const connect = () => connectRaw({ port: gateway.port, identity: authority.grace });
  const findings = { sent: 0, arrived: 0, refused: 0, problems: [] as string[] };
  const random = randomOf(seed);
  const end = performance.now() + milliseconds;

  const honest = async () => {
    const client = await connect();
    client.send("GET /flask/honest HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const [answer] = await client.awaitAnswers(1).catch(() => []);
    client.close();
    return answer?.status === 200 ? undefined : `an honest request got ${answer?.status ?? "no answer"}`;
  };

  for (let round = 0; performance.now() < end && findings.problems.length === 0; round += 1) {
    backend.disconnect();
    await sleep(2);
    backend.forget();
    const sent = Array.from({ length: side }, () => Array.from({ length: perConnection }, () => mutated(random))); // prettier-ignore
    const troubles = await Promise.all(
      sent.map(async (requests) => {
        const client = await connect();
        for (const bytes of requests) {
          if (client.ended()) break;
          client.send(bytes);
          findings.sent += 1;
          await client.settle(quiet);
        }
        const statuses = [...client.received().toString("latin1").matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)); // prettier-ignore
        client.close();
        findings.refused += statuses.filter((status) => status >= 400).length;
        return statuses.includes(500) ? "the gateway says that it is broken" : undefined;
      }),
    );
    findings.arrived += backend.requests().length;
    const trouble = round % 8 === 0 ? await honest() : undefined;
    const problem =
      troubles.find((each) => each !== undefined) ??
      problemAt(backend, secret) ??
      gateway.log.filter(({ level }) => level === "error").map((line) => JSON.stringify(line))[0] ??
      (gateway.stderr() === "" ? trouble : gateway.stderr());
    if (problem !== undefined)
      findings.problems.push(
        `seed ${seed}, round ${round}: ${problem}\n${sent.map((requests) => JSON.stringify(requests)).join("\n")}`,
      );
    if (round % 20 === 0) progress?.({ ...findings });
  }
  return findings;
}

/** What the gateway writes of itself, and no client can: every request at the backend has each of these lines once. */
function ownLines(secret: string): ReadonlyMap<string, RegExp> {
  return new Map([
    ["SSL_CLIENT_VERIFY", /^SUCCESS$/],
    ["SSL_CLIENT_S_DN", new RegExp(`^${graceSubject}$`)],
    ["SSL_CLIENT_I_DN", /^CN=Test Root,/],
    ["SSL_SERVER_S_DN_OU", /^Test Unit$/],
    ["Sallyport-Secret", new RegExp(`^${secret}$`)],
    ["X-Forwarded-For", /^127\.0\.0\.1$/],
    ["X-Forwarded-Proto", /^https$/],
    ["X-Forwarded-Host", /^[\w.:[\]~-]+$/],
    ["X-Forwarded-Prefix", /^\/flask$/],
    ["Forwarded", /^for=127\.0\.0\.1;host="[^"]+";proto=https$/],
    ["Host", /^[\w.:[\]~-]+$/],
  ]);
}

/** Names and families of names that are somebody's identity or address. */
const guarded =
  /^(?:(?:ssl|x_ssl|remote|x_remote|x_forwarded|client_cert|x_client_cert|sallyport)_|(?:x_forwarded|client_cert|x_client_cert|forwarded|host|x_real_ip|script_name|path_info)$)/;
const hopByHop = /^(?:connection|keep_alive|proxy_connection|te|trailer|expect|http2_settings)$/;

function problemAt(backend: RecordingBackend, secret: string): string | undefined {
  const own = ownLines(secret);
  for (const { rest, why } of backend.leftovers())
    if (rest === "broken") return `octets at the backend that belong to no request: ${why}`;
  for (const request of backend.requests()) {
    const problem = problemWith(request, own);
    if (problem !== undefined) return `${problem} in ${request.startLine}`;
  }
  return undefined;
}

function problemWith({ lines, trailers, target }: RecordedRequest, own: ReadonlyMap<string, RegExp>): string | undefined {
  for (const [name, value] of own) {
    const found = lines.filter(([each]) => each === name);
    if (found.length !== 1) return `${found.length} lines of ${name}`;
    if (!value.test(found[0]?.[1] ?? "")) return `the line ${name}: ${found[0]?.[1] ?? ""}`;
  }
  for (const [name, value] of lines) {
    const folded = fold(name);
    if (guarded.test(folded) && !own.has(name)) return `the line ${name}: ${value}`;
    if (hopByHop.test(folded) && value !== "Upgrade") return `the line ${name}, which is for this hop alone`;
  }
  if (trailers.length > 0) return `the trailer ${trailers[0] ?? ""}`;
  if (!target.startsWith("/") || target.startsWith("//")) return `the target ${target}`;
  const [path = ""] = target.split("?");
  if (/(?:^|[/\\])\.\.?(?:[/\\;]|$)/.test(decoded(path))) return `the target ${target}`;
  return undefined;
} // prettier-ignore

function decoded(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
