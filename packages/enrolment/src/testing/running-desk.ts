/** The application on a real port, with an authority, invitations and an audit trail of its own. */
import { createServer } from "node:http";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { makeRoot, openAuthority } from "@sallyport/certs";
import { pino } from "pino";
import { createApp } from "../app.ts";
import type { Act } from "../audit.ts";
import type { Desk } from "../fulfil.ts";
import { openInvitations } from "../invitations/invitation-store.ts";
import { listen } from "../listen.ts";
import { tempFolder } from "./temp-folder.ts";

export type Asked = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The gateway's, unless given. */
  readonly secret?: string;
};

const secret = "a-secret-for-tests-0123456789-abcdef";

/** @param change what is other than usual at this desk */
export async function runningDesk(context: TestContext, change: (desk: Desk) => Partial<Desk> = () => ({})) {
  const folder = tempFolder(context);
  await makeRoot({ folder, key: "ec-p256" });
  const authority = await openAuthority(folder);
  const invitations = openInvitations(join(folder, "invitations.sqlite"));
  const [acts, log]: [Act[], string[]] = [[], []];
  const audit = (act: Act) => {
    acts.push(act);
  };
  const usual: Desk = { authority: () => authority, invitations, audit, days: 90, contact: "<i>IT</i>" };
  const desk = { ...usual, ...change(usual) };
  const app = createApp({
    desk,
    secret: { accepts: (candidate) => candidate === secret },
    log: pino({}, { write: (line: string) => log.push(line) }),
  });
  const server = createServer(app);
  const address = await listen(server, { host: "127.0.0.1", port: 0 });
  context.after(() => {
    server.close();
    server.closeAllConnections();
    invitations.close();
  });
  const ask =
    (prefix: string) =>
    async (path: string, asked: Asked = {}) => {
      const headers = { "Sallyport-Secret": asked.secret ?? secret, "X-Forwarded-Prefix": prefix, "X-Forwarded-For": "192.0.2.7", ...asked.headers }; // prettier-ignore
      const body = asked.body === undefined ? {} : { body: asked.body };
      const response = await fetch(address + path, { method: asked.method ?? "GET", headers, ...body });
      return { status: response.status, headers: response.headers, body: await response.text() };
    };
  return { desk, authority, invitations, acts, log, est: ask("/.well-known/est"), page: ask("/enrol") };
}
