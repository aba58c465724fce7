/** JSON Schemas (draft 2020-12) as data, and the TypeScript type of what one lets through. */

export type StringSchema = {
  readonly type: "string";
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly format?: "email" | "date-time";
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly examples?: readonly string[];
};

export type ObjectSchema = {
  readonly type: "object";
  readonly description?: string;
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
  readonly minProperties?: number;
};

export type Schema =
  | StringSchema
  | ObjectSchema
  | { readonly type: "integer"; readonly description?: string }
  | { readonly type: "boolean"; readonly description?: string; readonly const?: boolean }
  | { readonly type: "array"; readonly description?: string; readonly items: Schema }
  | { readonly anyOf: readonly Schema[]; readonly description?: string }
  | { readonly type: "object"; readonly description?: string; readonly additionalProperties: true }
  | { readonly type: "null" };

type RequiredOf<Object extends ObjectSchema> = Object extends { required: readonly (infer Name)[] }
  ? Name
  : never;

/** The type of a value that a schema (declared `as const satisfies Schema`) lets through. */
export type Value<S> = S extends { enum: readonly (infer Word)[] }
  ? Word
  : S extends { type: "string" }
    ? string
    : S extends { type: "integer" }
      ? number
      : S extends { type: "boolean" }
        ? boolean
        : S extends { type: "null" }
          ? null
          : S extends { anyOf: readonly (infer Part)[] }
            ? Value<Part>
            : S extends { type: "array"; items: infer Item }
              ? readonly Value<Item>[]
              : S extends ObjectSchema
                ? {
                    readonly [
                      Name in keyof S["properties"] as Name extends RequiredOf<S> ? Name : never
                    ]: Value<S["properties"][Name]>;
                  } & {
                    readonly [
                      Name in keyof S["properties"] as Name extends RequiredOf<S> ? never : Name
                    ]?: Value<S["properties"][Name]>;
                  }
                : never;
