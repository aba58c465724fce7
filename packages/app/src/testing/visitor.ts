/** Somebody with a browser in front of the app: keeps the cookie, sends forms with the token of the page they stood on. */
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { secretLine, success } from "./running-app.ts";

export type Page = {
  readonly status: number;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Visitor = {
  readonly open: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Page>;
  /** Opens `path`, fills in its form and sends it, with the form's token and what a browser says of where it comes from. */
  readonly fillIn: (path: string, fields: Readonly<Record<string, string>>, action?: string) => Promise<Page>;
  /** Sends a form without opening anything before. A header that is `""` is left out. */
  readonly send: (path: string, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>) => Promise<Page>; // prettier-ignore
  /** Sends a form all but for its last octet, once the app has begun to read it; `finish` sends that. */
  readonly begin: (path: string, fields: Readonly<Record<string, string>>) => { readonly isUnderWay: Promise<void>; readonly finish: () => Promise<Page> }; // prettier-ignore
  /** The value of the session's cookie. */
  cookie: string | undefined;
};

/** What the gateway says of every request; `X-Forwarded-Proto` makes the session's cookie possible. */
export const throughTheGateway = {
  [secretLine.split(": ")[0] ?? ""]: secretLine.split(": ")[1] ?? "",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Host": "app.test",
};

const formHeaders = {
  "Content-Type": "application/x-www-form-urlencoded",
  Origin: "https://app.test",
  "Sec-Fetch-Site": "same-origin",
};
const page = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const cookieName = "__Host-sallyport-app";

/**
 * @param options.subject of the certificate that the gateway has verified, when there is one
 * @param options.from the client's address
 */
export function visitor(
  target: { readonly host: string; readonly port: number },
  options: { subject?: string; from?: string; agent?: string } = {},
): Visitor {
  const [verifyName = "", verified = ""] = success.split(": ");
  const identity = options.subject === undefined ? { [verifyName]: "NONE" } : { [verifyName]: verified, SSL_CLIENT_S_DN: options.subject }; // prettier-ignore
  const always = {
    ...throughTheGateway,
    ...identity,
    Accept: page,
    "X-Forwarded-For": options.from ?? "192.0.2.1",
    "User-Agent": options.agent ?? "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  };
  const begin = (method: string, path: string, headers: object) => {
    const cookie = self.cookie === undefined ? {} : { Cookie: `${cookieName}=${self.cookie}` };
    const lines = Object.entries({ ...always, ...cookie, ...headers }).filter(([, value]) => value !== "");
    const sent = httpRequest({ ...target, agent: false, method, path, headers: Object.fromEntries(lines) });
    const answered = new Promise<Page>((resolve, reject) => {
      sent.on("error", reject).on("response", (answer) => {
        for (const line of answer.headers["set-cookie"] ?? []) {
          const [, value] = /^__Host-sallyport-app=([^;]*)/.exec(line) ?? [];
          if (value !== undefined) self.cookie = value === "" ? undefined : value;
        }
        text(answer).then((content) => {
          const { statusCode = 0, headers: got } = answer;
          resolve({ status: statusCode, location: got.location, headers: got, body: content });
        }, reject);
      });
    });
    return { sent, answered };
  };
  const ask = async (method: string, path: string, headers: object, body?: string): Promise<Page> => {
    const { sent, answered } = begin(method, path, headers);
    sent.end(body);
    return answered;
  };
  const self: Visitor = {
    cookie: undefined,
    open: (path, headers = {}) => ask("GET", path, headers),
    send: (path, fields, headers = {}) => {
      const body = new URLSearchParams(fields).toString();
      return ask("POST", path, { ...formHeaders, ...headers }, body);
    },
    begin(path, fields) {
      const body = new URLSearchParams(fields).toString();
      const { sent, answered } = begin("POST", path, { ...formHeaders, "Content-Length": body.length, Expect: "100-continue" }); // prettier-ignore
      sent.flushHeaders();
      // The app says "continue" when it begins to handle the request: it is past reading the session, or about to.
      const isUnderWay = once(sent, "continue").then(() => {
        sent.write(body.slice(0, -1));
        return setTimeout(50);
      });
      const finish = (): Promise<Page> => {
        sent.end(body.slice(-1));
        return answered;
      };
      return { isUnderWay, finish };
    },
    async fillIn(path, fields, action = path) {
      const { status, body } = await self.open(path);
      const token = tokenIn(body);
      if (token === undefined) throw new Error(`${path} (${status}) holds no form:\n${body}`);
      return self.send(action, { csrf_token: token, ...fields });
    },
  };
  return self;
}

export function tokenIn(body: string): string | undefined {
  return /name="csrf_token" value="([0-9a-f]+)"/.exec(body)?.[1];
}

/** The sentences that the page shows once. */
export function textOf(body: string): string {
  return body.replace(/<(?:style|head)[\s\S]*?<\/(?:style|head)>/g, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " "); // prettier-ignore
}
