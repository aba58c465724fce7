/** The OpenAPI 3.1 document of the operations, made from the same values that serve them. */
import { STATUS_CODES } from "node:http";
import { problems } from "./api-problem.ts";
import { problemsOf } from "./operation-problems.ts";
import type { Operation } from "./operation.ts";
import { problemSchema } from "./problem-schema.ts";
import type { ObjectSchema, Schema } from "./schema.ts";

export const base = "/api/v1";

export type OpenApiOptions = {
  readonly operations: readonly Operation[];
  /** Schemas with a name of their own: wherever one of these very objects stands, a reference is written. */
  readonly named: Readonly<Record<string, Schema>>;
  /** The path under which the gateway shows the app. */
  readonly prefix: string;
};

export function openApiDocument({ operations, named, prefix }: OpenApiOptions): object {
  const names = new Map<Schema, string>(
    Object.entries({ ...named, Problem: problemSchema }).map(([name, schema]) => [schema, name]),
  );
  const refer = (value: unknown): unknown => {
    const name = names.get(value as Schema);
    return name === undefined ? spread(value) : { $ref: `#/components/schemas/${name}` };
  };
  const spread = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(refer);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, refer(inner)]));
  };
  const paths: Record<string, Record<string, object>> = {};
  for (const each of operations) {
    const { method, path } = each;
    paths[path] = { ...paths[path], [method]: operationObject(each, refer) };
  }
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: {
      title: "Sallyport's example application",
      version: "1",
      description:
        "Users and their tasks. Whatever is not yours is answered as if it were not there. Every address answers in JSON, its refusals as problem details; the gateway in front may refuse before.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: `${prefix}${base}` }],
    paths,
    components: {
      schemas: Object.fromEntries([...names].map(([schema, name]) => [name, spread(schema)])),
      securitySchemes: {
        certificate: {
          type: "mutualTLS",
          description: "The client certificate that the gateway has verified.",
        },
        access: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "From /auth or /refresh.",
        },
        refresh: { type: "http", scheme: "bearer", bearerFormat: "JWT", description: "From /auth or /refresh; good once." }, // prettier-ignore
      },
    },
  };
}

function operationObject(each: Operation, refer: (value: unknown) => unknown): object {
  const { id, summary, aliases, access, query, body, result } = each;
  const security = {
    anybody: [],
    user: [{ certificate: [] }, { access: [] }],
    refresh: [{ refresh: [] }],
  }[access];
  return {
    operationId: id,
    summary,
    ...(aliases.length > 0 && { description: `Also at ${aliases.join(", ")}, from the root of the app.` }),
    security,
    ...(query && { parameters: parametersOf(query, refer) }),
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: refer(body) } } },
    }),
    responses: {
      200: { description: "OK", content: { "application/json": { schema: refer(result) } } },
      ...problemResponses(each, refer),
    },
  };
}

function parametersOf({ properties, required = [] }: ObjectSchema, refer: (value: unknown) => unknown) {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: refer(schema),
  }));
}

function problemResponses(each: Operation, refer: (value: unknown) => unknown): Record<string, object> {
  const codes = problemsOf(each);
  const content = { "application/problem+json": { schema: refer(problemSchema) } };
  const responses: Record<string, object> = {};
  for (const status of new Set(codes.map((code) => problems[code]))) {
    const those = codes.filter((code) => problems[code] === status);
    responses[status] = {
      description: `${STATUS_CODES[status] ?? "Problem"}: ${those.join(", ")}`,
      ...((status === 401 || status === 422) && {
        headers: { "WWW-Authenticate": { schema: { type: "string" }, required: true } },
      }),
      ...(status === 429 && { headers: { "Retry-After": { schema: { type: "string" }, required: true } } }),
      content,
    };
  }
  responses["default"] = { description: "Every other problem: internal-error, unavailable", content };
  return responses;
}
