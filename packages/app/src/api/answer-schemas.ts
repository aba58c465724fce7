/** What several operations answer. */
import type { ObjectSchema, Schema } from "./schema.ts";

const ok = { type: "boolean", const: true } as const;

/** `{"ok":true,"message":"record updated"}` */
export const done = {
  type: "object",
  properties: { ok, message: { type: "string" } },
  required: ["ok", "message"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

/** `{"ok":true,"data":…}` */
export function data<const Data extends Schema>(schema: Data) {
  return {
    type: "object",
    properties: { ok, data: schema },
    required: ["ok", "data"],
    additionalProperties: false,
  } as const;
}
