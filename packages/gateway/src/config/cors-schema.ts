/** Which pages of other origins may use a route. */
import { z } from "zod";
import { duration } from "./duration.ts";

const name = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is no header name");

/** Written in capitals, as on the wire. */
export const method = z
  .string()
  .regex(/^[A-Z][A-Z-]*$/, "must be a method in capitals, such as GET")
  .refine((text) => text !== "TRACE" && text !== "CONNECT", "is never passed on");

/** As browsers write it: lower case, no default port, nothing behind. */
const origin = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text, {
    error: "must be an origin as browsers send it, such as https://app.example or http://localhost:3000",
  });

export const cors = z.strictObject({
  origins: z
    .array(origin)
    .min(1)
    .describe("The origins whose pages may, `https://app.example`. There is no pattern for all of them."),
  methods: z
    .array(method)
    .min(1)
    .default(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    .describe("The methods that they may use."),
  headers: z
    .array(name)
    .default(["Content-Type"])
    .describe("The request headers that they may set, beyond those that every page may."),
  expose: z
    .array(name)
    .default([])
    .describe("The answer's headers that they may read, beyond those that every page may."),
  maxAge: duration.prefault("10m").describe("How long a browser may remember the answer to a preflight."),
});
