/** Does a value keep to a schema? Says what is wrong in words that hold neither the value nor the schema. */
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { ObjectSchema } from "./schema.ts";

/** One thing that is wrong. */
export type Fault = {
  /** Where, with dots: `payload.title`; empty for the whole. Always a name of the schema's, never one of the sender's. */
  readonly field: string;
  readonly message: string;
};

const ajv = new Ajv2020({
  strict: true,
  allErrors: true, // bounded by what a body may hold
  verbose: true, // errors carry the part of the schema that they are about
});
formats.default(ajv, ["email", "date-time"]);

/** @returns a function that finds every fault of a value, one a field; none when the value keeps to the schema */
export function validator(schema: ObjectSchema): (value: unknown) => readonly Fault[] {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    const faults = new Map<string, Fault>();
    for (const error of validate.errors ?? []) {
      const fault = faultOf(error);
      if (!faults.has(fault.field)) faults.set(fault.field, fault);
    }
    return [...faults.values()];
  };
}

/** `email: must be an e-mail address; password: must have at least 8 characters` */
export function inWords(faults: readonly Fault[]): string {
  return faults.map(({ field, message }) => (field === "" ? message : `${field}: ${message}`)).join("; ");
}

/** @param error its `params` are the schema's side of the matter, except where a name is not known: that is the sender's */
function faultOf({ instancePath, keyword, params, parentSchema }: ErrorObject): Fault {
  const where = instancePath.slice(1).replaceAll("/", ".");
  const limit = String((params as { limit?: number }).limit);
  switch (keyword) {
    case "required": {
      const missing = (params as { missingProperty: string }).missingProperty;
      return { field: where === "" ? missing : `${where}.${missing}`, message: "is required" };
    }
    case "additionalProperties": {
      const known = Object.keys((parentSchema as ObjectSchema).properties);
      return { field: where, message: `only ${listed(known)} may be given here` };
    }
    case "minProperties": {
      const known = Object.keys((parentSchema as ObjectSchema).properties);
      return { field: where, message: `must have at least ${limit} of ${listed(known)}` };
    }
    case "minLength":
      return {
        field: where,
        message: limit === "1" ? "must not be empty" : `must have at least ${limit} characters`,
      };
    case "maxLength":
      return { field: where, message: `must have at most ${limit} characters` };
    case "enum":
      return {
        field: where,
        message: `must be one of ${(params as { allowedValues: readonly string[] }).allowedValues.join(", ")}`,
      };
    case "format":
      return { field: where, message: formatNames[(params as { format: string }).format] ?? "is malformed" };
    case "type":
      return {
        field: where,
        message: `must be ${typeNames[(params as { type: string }).type] ?? "of another type"}`,
      };
    default: // "pattern"
      return { field: where, message: "must have something to be seen, and no control characters" };
  }
}

const formatNames: Record<string, string> = { email: "must be an e-mail address" };
const typeNames: Record<string, string> = {
  string: "one string",
  object: "an object",
  boolean: "true or false",
};

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
