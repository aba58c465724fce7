/** What the API takes and gives of users. */
import { longestPassword, shortestPassword } from "../../auth/password/password-rules.ts";
import type { ObjectSchema, StringSchema } from "../../api/schema.ts";

const name = { type: "string", description: "Nobody else's, and nothing that could be taken for somebody else's.", maxLength: 80, examples: ["Test Subject"] } as const satisfies StringSchema; // prettier-ignore
const email = { type: "string", format: "email", maxLength: 254, examples: ["subject@example.test"] } as const satisfies StringSchema; // prettier-ignore
const newPassword = {
  type: "string",
  description: "Not one of the most common, not the name or the address.",
  minLength: shortestPassword,
  maxLength: longestPassword,
} as const satisfies StringSchema;
/** Rules are for choosing one. */
const password = { type: "string", minLength: 1, maxLength: longestPassword } as const satisfies StringSchema;
const id = { type: "string", maxLength: 64, examples: ["1"] } as const satisfies StringSchema;

export const registration = {
  type: "object",
  properties: { name, email, password: newPassword },
  required: ["email", "password"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const credentials = {
  type: "object",
  properties: { email, password },
  required: ["email", "password"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const whichUser = {
  type: "object",
  description: "One of the two.",
  properties: { email, id },
  minProperties: 1,
  additionalProperties: false,
} as const satisfies ObjectSchema;

/** Nothing given means oneself. */
export const whichUserOrMyself = {
  type: "object",
  properties: { email, id },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const userChange = {
  type: "object",
  properties: {
    query: whichUser,
    payload: {
      type: "object",
      properties: {
        name,
        email,
        password: newPassword,
        current_password: { ...password, description: "Needed to change the address or the password." },
      },
      minProperties: 1,
      additionalProperties: false,
    },
  },
  required: ["query", "payload"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const user = {
  type: "object",
  description: "A user, to the user.",
  properties: {
    _id: id,
    name: { type: "string" },
    email: { anyOf: [{ type: "string" }, { type: "null" }], description: "null where there is none: an account that a certificate opens." }, // prettier-ignore
  },
  required: ["_id", "name", "email"],
  additionalProperties: false,
} as const satisfies ObjectSchema;
