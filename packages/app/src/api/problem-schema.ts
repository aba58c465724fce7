import type { ObjectSchema } from "./schema.ts";

/** What {@link problemBody} writes. */
export const problemSchema = {
  type: "object",
  description: "Problem details (RFC 9457), and the members that clients of the first version read.",
  properties: {
    type: { type: "string", description: "urn:sallyport:problem: and the code" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", description: "Stable, and what a program should look at." },
    ok: { type: "boolean", const: false },
    message: { type: "string" },
    msg: { type: "string", description: "The same as message." },
    errors: {
      type: "array",
      description: "What is wrong with which field. No value is repeated.",
      items: {
        type: "object",
        properties: {
          field: { type: "string", description: "With dots: payload.title. Empty for the whole." },
          message: { type: "string" },
        },
        required: ["field", "message"],
        additionalProperties: false,
      },
    },
    incident: { type: "string", description: "For 500 and 503: under which the log tells more." },
    error: { type: "string", description: "Not found, where there is nothing at an address." },
  },
  required: ["type", "title", "status", "detail", "code", "ok", "message", "msg"],
  additionalProperties: false,
} as const satisfies ObjectSchema;
