/** A request that came whole, in one piece, and has no body. */
import type { Socket } from "node:net";
import type { Fields, Request } from "../request.ts";
import type { OrdinaryHead } from "./ordinary-head.ts";

export class OrdinaryRequest implements Request {
  readonly method: string;
  readonly url: string;
  readonly httpVersion = "1.1";
  readonly rawHeaders: string[];
  readonly headers: Fields;
  readonly persistent: boolean;
  readonly socket: Socket;
  readonly complete = true;
  readonly body = undefined;

  constructor({ method, url, rawHeaders, headers, persistent }: OrdinaryHead, socket: Socket) {
    this.method = method;
    this.url = url;
    this.rawHeaders = rawHeaders;
    this.headers = headers;
    this.persistent = persistent;
    this.socket = socket;
  }
}
