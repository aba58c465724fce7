import { forwardedPrefix } from "../auth/forwarded-prefix.ts";
import { openApiDocument } from "./openapi.ts";
import { operation, type Operation } from "./operation.ts";
import type { Schema } from "./schema.ts";

/** @returns the operations, and one more that answers with the document of them all, itself included */
export function withOpenApi(
  operations: readonly Operation[],
  named: Readonly<Record<string, Schema>>,
): readonly Operation[] {
  const all: Operation[] = [
    ...operations,
    operation({
      id: "openapi",
      method: "get",
      path: "/openapi.json",
      aliases: [],
      summary: "This document",
      access: "anybody",
      result: { type: "object", additionalProperties: true },
      answer: ({ request }) => openApiDocument({ operations: all, named, prefix: forwardedPrefix(request) }),
    }),
  ];
  return all;
}
