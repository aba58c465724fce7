/** The schema as Markdown: docs/configuration.md is written from it and from nothing else. */
import { z } from "zod";
import { schema } from "./schema.ts";

type JsonSchema = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
};

/** One row a key, in the order of the schema. */
export function configurationReference(): string {
  const whole = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  const rows = rowsOf(whole, "", whole.properties ?? {});
  return [
    "# Configuration of the gateway",
    "",
    "<!-- Written by `npm run docs` from packages/gateway/src/config/schema.ts. Change it there. -->",
    "",
    "`sallyport serve --config gateway.yaml`. YAML; relative paths are relative to the file. Every problem is reported at",
    "once, each with its line, and the gateway does not start. Everything is read again when one of the files changes (a mere",
    "touch counts), and on SIGHUP; what is broken then changes nothing, and the log says so. Only `listen`, `metrics`, `health`, `workers`,",
    "`reloadOnChange` and `log` take a restart.",
    "",
    "| key | value | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** @param top the top level's keys: a host has some of them too, with all that is below */
function rowsOf(schema: JsonSchema, path: string, top: Readonly<Record<string, JsonSchema>>): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const list = value.type === "array" && value.items?.properties !== undefined;
    const name = `${path}${key}${list ? "[]" : ""}`;
    const alike = path === "hosts[]." && key in top;
    const required = schema.required?.includes(key) === true;
    const cells = [
      `\`${name}\``,
      shapeOf(value),
      required ? "required" : defaultOf(value),
      value.description ?? "",
    ];
    return [
      `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
      ...(alike ? [] : rowsOf((list && value.items) || value, `${name}.`, top)),
    ];
  });
}

function shapeOf({ type, enum: choices, items, minimum, maximum }: JsonSchema): string {
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(" or ");
  if (type === "array")
    return items?.properties ? "list" : `list of ${items === undefined ? "values" : shapeOf(items)}`;
  if (type === "integer") return `${minimum ?? ""} to ${maximum ?? ""}`;
  if (type === "boolean") return "`true` or `false`";
  return type === "object" ? "group" : "text";
}

function defaultOf(schema: JsonSchema): string {
  if (schema.default === undefined) return "none";
  return typeof schema.default === "object" && schema.properties
    ? "see below"
    : `\`${JSON.stringify(schema.default)}\``;
}
