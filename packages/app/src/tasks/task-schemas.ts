/** What the API takes and gives of tasks. */
import type { ObjectSchema, StringSchema } from "../api/schema.ts";

export const statuses = ["todo", "doing", "done"] as const;
export type Status = (typeof statuses)[number];

export const longestTitle = 200;
export const longestDescription = 4000;

const id = { type: "string", maxLength: 64, examples: ["1"] } as const satisfies StringSchema;
/** One line, with something to be seen. */
const title = {
  type: "string",
  minLength: 1,
  maxLength: longestTitle,
  pattern: "^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$",
  examples: ["Write the report"],
} as const satisfies StringSchema;
/** Lines, and no other control characters. */
const description = {
  type: "string",
  maxLength: longestDescription,
  pattern: "^(?:[^\\p{Cc}]|[\\t\\n\\r])*$",
} as const satisfies StringSchema;
const status = { type: "string", enum: statuses } as const satisfies StringSchema;

export const newTask = {
  type: "object",
  properties: { title, description, status },
  required: ["title", "status"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

/** What a form sends, and a change: each by itself. */
export const taskPayload = {
  type: "object",
  properties: { title, description, status },
  minProperties: 1,
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const taskChange = {
  type: "object",
  properties: { id, payload: taskPayload },
  required: ["id", "payload"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const whichTask = {
  type: "object",
  properties: { id },
  required: ["id"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const listing = {
  type: "object",
  properties: { group: { type: "string", maxLength: 8, description: "Anything but empty groups the tasks by status." } }, // prettier-ignore
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const task = {
  type: "object",
  properties: {
    _id: id,
    title: { type: "string" },
    description: { type: "string" },
    status,
    email: { anyOf: [{ type: "string" }, { type: "null" }], description: "Its user's." },
  },
  required: ["_id", "title", "status", "email"],
  additionalProperties: false,
} as const satisfies ObjectSchema;

const list = { type: "array", items: task } as const;

export const taskList = {
  anyOf: [
    list,
    {
      type: "object",
      description: "With group: the statuses that occur.",
      properties: { todo: list, doing: list, done: list },
      additionalProperties: false,
    },
  ],
} as const;
