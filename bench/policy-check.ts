/** Is the server a mutual-TLS identity gateway at all? Figures of one that is not would compare nothing. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { clientName, serverName, type Certificates } from "./certificates.ts";

export const echoPath = "/echo";

const forgedName = "Mallory";
const forged = {
  SSL_CLIENT_S_DN: `CN=${forgedName}`,
  "SSL-CLIENT-S-DN": `CN=${forgedName}`,
  SSL_CLIENT_I_DN: `CN=${forgedName}`,
  SSL_CLIENT_VERIFY: `FAILED:${forgedName}`,
  "X-Forwarded-For": forgedName,
  "X-Forwarded-Proto": forgedName,
};

/** One line each that the backend must see, and how its value must begin or what it must hold. */
const expected: readonly (readonly [name: string, value: RegExp])[] = [
  ["ssl_client_s_dn", new RegExp(`CN=${clientName}\\b`)],
  ["ssl_client_i_dn", /CN=Bench Authority\b/],
  ["ssl_client_verify", /^SUCCESS$/],
  ["x_forwarded_for", /^127\.0\.0\.1$/],
  ["x_forwarded_proto", /^https$/],
];

/** @returns what the server does wrong, a sentence each; nothing if it does the policy */
export async function checkPolicy(
  port: number,
  { authority, client, revoked }: Certificates,
  knowsRevocation: boolean,
): Promise<string[]> {
  const known = await ask(port, authority, client);
  const faults = known.status === 200 ? faultsOf(known.body) : [`It answers ${known.status}: ${known.body}`];
  const unknown = await ask(port, authority);
  if (unknown.status < 400) faults.push(`A client without a certificate got ${unknown.status}.`);
  if (!knowsRevocation) return faults;
  const banned = await ask(port, authority, revoked);
  if (banned.status < 400) faults.push(`A revoked certificate got ${banned.status}.`);
  return faults;
}

function faultsOf(head: string): string[] {
  const [first = "", ...fields] = head.trimEnd().split("\r\n");
  const lines = fields.map((field): [string, string] => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase().replaceAll("-", "_"), field.slice(colon + 1).trim()];
  });
  const faults = expected.flatMap(([name, value]) => {
    const values = lines.filter(([each]) => each === name).map(([, text]) => text);
    const right = values.length === 1 && value.test(values[0] ?? "");
    return right ? [] : [`The backend sees ${name}: ${values.join(" and ") || "nothing"}.`];
  });
  if (first !== `GET ${echoPath} HTTP/1.1`) faults.push(`The prefix is not stripped: ${first}.`);
  if (head.includes(forgedName)) faults.push("A forged header arrives.");
  return faults;
}

type Answer = { readonly status: number; readonly body: string };

/** @returns status 495 (nginx's for it) where the server refuses in the handshake */
function ask(port: number, authority: string, visitor?: Certificates["client"]): Promise<Answer> {
  return new Promise((resolve) => {
    const refused = (error: Error) => {
      resolve({ status: 495, body: error.message });
    };
    const asked = request(
      {
        host: "127.0.0.1",
        port,
        path: `/flask${echoPath}`,
        headers: { Host: serverName, ...forged },
        servername: serverName,
        ca: readFileSync(authority),
        ...(visitor && {
          cert: readFileSync(visitor.certificate),
          key: readFileSync(visitor.key),
        }),
        agent: false,
        timeout: 20_000,
      },
      (response) => {
        let body = "";
        response.setEncoding("latin1");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("error", refused).on("end", () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer within 20 s")));
    asked.on("error", refused).end();
  });
}
